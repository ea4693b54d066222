// A client in JavaScript, whose name is the argument; what it reads and says is described in
// `clients.py`.
const crypto = require('crypto')
const fs = require('fs')
const http = require('http')
const net = require('net')
const path = require('path')
const readline = require('readline')

const name = process.argv[2]
const FORM = 'application/x-www-form-urlencoded'

// A name may have several addresses, and a server but one.
if (net.setDefaultAutoSelectFamily) net.setDefaultAutoSelectFamily(true)

class Cannot extends Error {}

function demand(call, methods) {
  if (!methods.includes(call.signature_method)) throw new Cannot(`it has no ${call.signature_method}`)
  if (call.transmission !== 'header') throw new Cannot(`it sends nothing in the ${call.transmission}`)
  if (call.extra) throw new Cannot('it sends no further protocol parameter')
  if (call.token === '') throw new Cannot('it sends no empty token')
}

function header(call, wanted) {
  const found = call.headers.find(([given]) => given === wanted)
  return found && found[1]
}

// The pairs of a form, for packages that take no text; nothing where it is no form. A name that comes
// more than once has an array.
function pairsOf(call) {
  const isForm = (header(call, 'content-type') || '').toLowerCase().split(';')[0] === FORM
  if (call.body === null || !isForm) return undefined
  const text = Buffer.from(call.body, 'base64').toString()
  if (!/^[\x00-\x7f]*$/.test(text)) throw new Cannot('it takes a form as pairs')
  return grouped(text)
}

function grouped(text) {
  // Bytes that are no UTF-8 have no place in a string of JavaScript's.
  if (decodeURIComponentOrNull(text) === null) throw new Cannot('what it signs is text')
  const pairs = {}
  for (const [key, value] of new URLSearchParams(text)) {
    pairs[key] = key in pairs ? [].concat(pairs[key], value) : value
  }
  return pairs
}

function decodeURIComponentOrNull(text) {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch {
    return null
  }
}

function send(call, headers) {
  const body = call.body === null ? undefined : Buffer.from(call.body, 'base64')
  const all = { ...Object.fromEntries(call.headers), ...headers }
  if (body) all['content-length'] = body.length
  return new Promise((resolve, reject) => {
    const request = http.request(call.url, { method: call.method, headers: all }, (response) => {
      const pieces = []
      response.on('data', (piece) => pieces.push(piece))
      response.on('end', () => {
        resolve({ status: response.statusCode, text: Buffer.concat(pieces).toString() })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

const clients = {
  oauth(call) {
    const { OAuth } = require('oauth')
    demand(call, ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'])
    if (call.realm) throw new Cannot('it has no realm')
    if (call.callback) throw new Cannot('it sends no callback with a resource\'s request')
    const secret = call.rsa_key || call.client_secret
    const client = new OAuth(null, null, call.client, secret, '1.0', null, call.signature_method)
    const type = header(call, 'content-type')
    const pairs = pairsOf(call)
    const body = call.body === null ? null : Buffer.from(call.body, 'base64')
    return new Promise((resolve) => {
      const heard = (error, text, response) => {
        if (error && !error.statusCode) resolve({ error: String(error) })
        else resolve({ status: error ? error.statusCode : response.statusCode, text: String(text) })
      }
      const [target, token, tokenSecret] = [call.url, call.token, call.token_secret]
      if (call.method === 'GET') client.get(target, token, tokenSecret, heard)
      else if (call.method === 'DELETE') client.delete(target, token, tokenSecret, heard)
      else if (call.method === 'POST') client.post(target, token, tokenSecret, pairs || body, type, heard)
      else if (call.method === 'PUT') client.put(target, token, tokenSecret, pairs || body, type, heard)
      else resolve({ cannot: `it has no ${call.method}` })
    })
  },

  'oauth-1.0a'(call) {
    const OAuth = require('oauth-1.0a')
    const hashes = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256', 'HMAC-SHA512': 'sha512' }
    demand(call, [...Object.keys(hashes), 'PLAINTEXT'])
    if (call.callback) throw new Cannot('it sends no callback with a resource\'s request')
    const algorithm = hashes[call.signature_method]
    const hash = (base, key) => crypto.createHmac(algorithm, key).update(base).digest('base64')
    const client = new OAuth({
      consumer: { key: call.client, secret: call.client_secret },
      realm: call.realm || undefined,
      signature_method: call.signature_method,
      hash_function: algorithm && hash,
    })
    const token = call.token ? { key: call.token, secret: call.token_secret } : undefined
    const signed = client.authorize({ url: call.url, method: call.method, data: pairsOf(call) }, token)
    return send(call, client.toHeader(signed))
  },

  // The package signs; what it signs is gathered here as the package `request` did.
  'oauth-sign'(call) {
    const oauth = require('oauth-sign')
    demand(call, ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'])
    const uri = new URL(call.url)
    const base = `${uri.origin}${uri.pathname}`
    const own = {
      oauth_consumer_key: call.client,
      oauth_nonce: crypto.randomUUID(),
      oauth_signature_method: call.signature_method,
      oauth_timestamp: String(Math.floor(Date.now() / 1000)),
      oauth_version: '1.0',
    }
    if (call.token) own.oauth_token = call.token
    if (call.callback) own.oauth_callback = call.callback
    if (call.verifier) own.oauth_verifier = call.verifier
    const form = pairsOf(call) || {}
    const params = { ...own }
    for (const source of [grouped(uri.search), form]) {
      for (const [key, value] of Object.entries(source)) {
        params[key] = key in params ? [].concat(params[key], value) : value
      }
    }
    const secret = call.rsa_key || call.client_secret
    const secrets = [secret, call.token_secret]
    const signature = oauth.sign(call.signature_method, call.method, base, params, ...secrets)
    const values = Object.entries({ ...own, oauth_signature: signature })
    const fields = values.map(([key, value]) => `${key}="${oauth.rfc3986(value)}"`)
    if (call.realm) fields.unshift(`realm="${call.realm.replace(/[\\"]/g, '\\$&')}"`)
    return send(call, { authorization: `OAuth ${fields.join(', ')}` })
  },
}

async function main() {
  const description = path.join(process.env.NODE_PATH, name, 'package.json')
  console.log(`${name} ${JSON.parse(fs.readFileSync(description)).version}`)
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let said
    try {
      said = await clients[name](JSON.parse(line))
    } catch (error) {
      said = error instanceof Cannot ? { cannot: error.message } : { error: String(error) }
    }
    console.log(JSON.stringify(said))
  }
}

main()
