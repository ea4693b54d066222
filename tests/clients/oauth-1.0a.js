// Sends the requests that it reads, as JSON lines, signed with the package `oauth-1.0a`; says the answers,
// a line each.
const crypto = require('crypto')
const http = require('http')
const OAuth = require('oauth-1.0a')
const readline = require('readline')

const hash = {
  'HMAC-SHA1': (base, key) => crypto.createHmac('sha1', key).update(base).digest('base64'),
  'HMAC-SHA256': (base, key) => crypto.createHmac('sha256', key).update(base).digest('base64'),
  'HMAC-SHA512': (base, key) => crypto.createHmac('sha512', key).update(base).digest('base64'),
}

async function ask(call) {
  const oauth = new OAuth({
    consumer: { key: call.client, secret: call.client_secret },
    signature_method: call.signature_method,
    hash_function: hash[call.signature_method],
  })
  const token = call.token ? { key: call.token, secret: call.token_secret } : undefined
  // The package adds its own parameters to the object that it is given: a copy, as its README does.
  const data = call.pairs ? { ...call.pairs } : undefined
  const signed = oauth.authorize({ url: call.url, method: call.method, data }, token)
  const headers = { ...oauth.toHeader(signed) }
  const body = call.pairs ? new URLSearchParams(call.pairs).toString() : call.body
  if (call.content_type) headers['Content-Type'] = call.content_type
  if (body !== null && body !== undefined) headers['Content-Length'] = Buffer.byteLength(body)
  return new Promise((resolve, reject) => {
    const request = http.request(call.url, { method: call.method, headers }, (response) => {
      let text = ''
      response.on('data', (piece) => { text += piece })
      response.on('end', () => {
        resolve([response.statusCode, response.headers['www-authenticate'] || '', text])
      })
    })
    request.on('error', reject)
    request.end(body ?? undefined)
  })
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await ask(JSON.parse(line))))
  }
}

main()
