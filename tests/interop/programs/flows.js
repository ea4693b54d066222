// The three legs by the package `oauth`; what it reads and says is described in `flows.py`.
const fs = require('fs')
const path = require('path')
const readline = require('readline')
const { OAuth } = require('oauth')

const say = (said) => console.log(JSON.stringify(said))

function promise(call) {
  return new Promise((resolve, reject) => {
    call((error, ...values) => (error ? reject(new Error(JSON.stringify(error))) : resolve(values)))
  })
}

async function walk(told, lines) {
  if (told.transmission !== 'header') return say({ cannot: `it sends nothing in the ${told.transmission}` })
  const secret = told.rsa_key || told.client_secret
  const urls = [told.initiate, told.token, told.client, secret]
  const client = new OAuth(...urls, '1.0', told.callback, told.signature_method)
  const [token, tokenSecret] = await promise((heard) => client.getOAuthRequestToken(heard))
  say({ authorize: `${told.authorize}?oauth_token=${encodeURIComponent(token)}` })
  const back = JSON.parse((await lines.next()).value)
  const verifier = back.verifier || new URL(back.callback).searchParams.get('oauth_verifier')
  const [access, accessSecret] = await promise((heard) => {
    client.getOAuthAccessToken(token, tokenSecret, verifier, heard)
  })
  const [text, response] = await promise((heard) => client.get(told.resource, access, accessSecret, heard))
  say({ status: response.statusCode, text: String(text) })
}

async function main() {
  const description = path.join(process.env.NODE_PATH, 'oauth', 'package.json')
  console.log(`oauth ${JSON.parse(fs.readFileSync(description)).version}`)
  const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    try {
      await walk(JSON.parse(line.value), lines)
    } catch (error) {
      say({ error: String(error) })
    }
  }
}

main()
