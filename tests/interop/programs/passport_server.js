// Resources that passport-http-oauth protects; the argument and what is printed are those of
// `oauthlib_provider.py`. Queries and forms are read as connect, which the package was made for, read them.
const fs = require('fs')
const http = require('http')
const querystring = require('querystring')
const passport = require('passport')
const { ConsumerStrategy, TokenStrategy } = require('passport-http-oauth')

const known = JSON.parse(process.argv[2])
const seen = new Set()

function consumer(key, done) {
  if (key === known.client) done(null, { key }, known.client_secret)
  else done(null, false)
}

function fresh(timestamp, nonce, done) {
  const key = `${timestamp} ${nonce}`
  const isFresh = !seen.has(key)
  seen.add(key)
  done(null, isFresh)
}

function token(given, done) {
  if (given === known.token) done(null, { name: 'jane' }, known.token_secret)
  else done(null, false)
}

passport.use('token', new TokenStrategy(consumer, token, fresh))
passport.use('consumer', new ConsumerStrategy(consumer, (request, done) => done(null, false), fresh))

function answer(response, status, text) {
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(text) })
  response.end(text)
}

function hasToken(request) {
  const header = request.headers.authorization || ''
  return /oauth_token="[^"]/.test(header) || request.query.oauth_token || request.body.oauth_token
}

async function handle(request, response) {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  const type = (request.headers['content-type'] || '').split(';')[0].trim().toLowerCase()
  const isForm = type === 'application/x-www-form-urlencoded'
  const [, ...query] = request.url.split('?')
  request.query = querystring.parse(query.join('?'))
  request.body = isForm ? querystring.parse(Buffer.concat(pieces).toString()) : {}
  const strategy = hasToken(request) ? 'token' : 'consumer'
  // What it says where it refuses goes straight to the response.
  passport.initialize()(request, response, () => {
    passport.authenticate(strategy, { session: false })(request, response, (error) => {
      if (error) answer(response, 500, String(error))
      else answer(response, 200, 'verified')
    })
  })
}

function listen(host) {
  const server = http.createServer((request, response) => {
    handle(request, response).catch((error) => answer(response, 500, String(error)))
  })
  return new Promise((resolve) => server.listen(0, host, () => resolve(server.address().port)))
}

async function main() {
  console.log(await listen('127.0.0.1'), await listen('::1'))
  const description = `${process.env.NODE_PATH}/passport-http-oauth/package.json`
  console.log(`passport-http-oauth ${JSON.parse(fs.readFileSync(description)).version}`)
  process.stdin.resume()
  process.stdin.on('end', () => process.exit())
}

main()
