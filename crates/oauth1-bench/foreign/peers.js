// Signs with the packages oauth-1.0a and oauth for as long as it is told: see ../src/foreign.rs.
const crypto = require('crypto')
const querystring = require('querystring')
const readline = require('readline')
const { OAuth } = require('oauth')
const OAuth10a = require('oauth-1.0a')

function oauth10a([client, secret, token, tokenSecret, nonce, timestamp], method, url, form) {
  const oauth = new OAuth10a({
    consumer: { key: client, secret },
    signature_method: 'HMAC-SHA1',
    hash_function: (base, key) => crypto.createHmac('sha1', key).update(base).digest('base64'),
  })
  oauth.getNonce = () => nonce
  oauth.getTimeStamp = () => Number(timestamp)
  const pairs = { ...querystring.parse(form) }
  // The package adds its own parameters to the object that it is given: a copy, as its README does.
  return () => {
    const request = { url, method, data: { ...pairs } }
    return oauth.toHeader(oauth.authorize(request, { key: token, secret: tokenSecret })).Authorization
  }
}

function oauth([client, secret, token, tokenSecret, nonce, timestamp], method, url, form) {
  const signer = new OAuth(null, null, client, secret, '1.0', null, 'HMAC-SHA1')
  signer._getNonce = () => nonce
  signer._getTimestamp = () => timestamp
  // It wants an object with a prototype.
  const pairs = form ? { ...querystring.parse(form) } : null
  // What its `get` and `post` do before they send.
  return () => signer._buildAuthorizationHeaders(
    signer._prepareParameters(token, tokenSecret, method, url, pairs),
  )
}

// Nanoseconds of the processor, those of the compiler and the collector among them.
function used() {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1e3
}

async function main() {
  const libraries = { 'oauth-1.0a': oauth10a, oauth }
  const workloads = []
  let credentials, complete
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (!credentials) credentials = line.split('\t')
    else if (!complete && line) workloads.push(line.split('\t'))
    else if (!complete) complete = true
    else {
      const [library, workload, milliseconds] = line.split('\t')
      const sign = libraries[library](credentials, ...workloads[workload])
      const header = sign()
      const start = used()
      const until = start + Number(milliseconds) * 1e6
      let [count, now] = [0, start]
      while (now < until) {
        for (let turn = 0; turn < 8; turn += 1) sign()
        count += 8
        now = used()
      }
      console.log(`${(now - start) / count}\t${header}`)
    }
  }
}

main()
