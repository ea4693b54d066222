// Sends the requests that it reads, as JSON lines, with the package `oauth`; says the answers, a line each.
const { OAuth } = require('oauth')
const readline = require('readline')

async function ask(call) {
  const secret = call.signature_method.startsWith('RSA') ? call.rsa_key : call.client_secret
  const client = new OAuth(null, null, call.client, secret, '1.0', null, call.signature_method)
  return new Promise((resolve) => {
    const heard = (error, text, response) => {
      const status = error ? error.statusCode : response.statusCode
      const headers = response ? response.headers : {}
      resolve([status || 0, headers['www-authenticate'] || '', error ? String(error.data || error) : text])
    }
    const { url, token, token_secret: tokenSecret } = call
    if (call.method === 'GET') client.get(url, token, tokenSecret, heard)
    else if (call.method === 'DELETE') client.delete(url, token, tokenSecret, heard)
    else if (call.method === 'PUT') client.put(url, token, tokenSecret, call.body, call.content_type, heard)
    else if (call.pairs) client.post(url, token, tokenSecret, call.pairs, undefined, heard)
    else client.post(url, token, tokenSecret, call.body, call.content_type, heard)
  })
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await ask(JSON.parse(line))))
  }
}

main()
