// Signs the vectors with the module that is named first; the second argument is the folder of the vectors.
// Prints a line for each check, as Rust's test runner does, and a line of counts.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const MARK = 'oauth1 mailbox: ';

const [, , path, vectors] = process.argv;
const module = new WebAssembly.Module(readFileSync(path));
let passed = 0;
let failed = 0;

function check(name, holds) {
  console.log(`test ${name} ... ${holds ? 'ok' : 'FAILED'}`);
  if (holds) passed += 1;
  else failed += 1;
}

/** The header, from a module that has signed nothing before. */
function sign(...lines) {
  const { exports } = new WebAssembly.Instance(module, {});
  const memory = Buffer.from(exports.memory.buffer);
  const at = memory.indexOf(MARK) + MARK.length;
  memory.write(lines.join('\n') + '\0', at);
  if (exports.main(0, 0) !== 0) return null;
  // The memory may have grown, which takes its old view away.
  const after = Buffer.from(exports.memory.buffer);
  return after.toString('latin1', at, after.indexOf(0, at));
}

function parameters(header) {
  return Object.fromEntries(
    header
      .replace(/^OAuth /, '')
      .split(', ')
      .map((pair) => pair.match(/^([^=]*)="(.*)"$/).slice(1)),
  );
}

check('the module imports nothing', WebAssembly.Module.imports(module).length === 0);

for (const name of readdirSync(vectors).sort()) {
  const vector = JSON.parse(readFileSync(join(vectors, name), 'utf8'));
  const given = Object.fromEntries(vector.oauth_params);
  const own = ['oauth_consumer_key', 'oauth_signature_method', 'oauth_timestamp', 'oauth_nonce'];
  const optional = ['oauth_token', 'oauth_version'].filter((it) => it in given);
  const form = (vector.content_type ?? '').startsWith('application/x-www-form-urlencoded');
  const plain =
    vector.signature_method === 'HMAC-SHA1' &&
    vector.placement === 'header' &&
    vector.realm === null &&
    [...own, ...optional].every((it) => given[it]) &&
    // One vector signs a timestamp that is none.
    /^\d+$/.test(given.oauth_timestamp) &&
    (given.oauth_version ?? '1.0') === '1.0' &&
    vector.oauth_params.length === own.length + optional.length &&
    (vector.body === null || form);
  if (!plain) continue;
  const header = sign(
    given.oauth_consumer_key,
    vector.client_secret,
    given.oauth_token ?? '',
    vector.token_secret,
    given.oauth_version ?? '',
    given.oauth_timestamp,
    given.oauth_nonce,
    vector.method,
    vector.url,
    vector.body ?? '',
  );
  const signature = header && decodeURIComponent(parameters(header).oauth_signature);
  check(`${vector.id} as WebAssembly`, signature === vector.expected.signature);
}
check('50 vectors or more are of this kind', passed > 50);
check('what is no request is an error', sign('client', 'secret') === null);

console.log(`test result: ${failed ? 'FAILED' : 'ok'}. ${passed} passed; ${failed} failed; 0 ignored`);
process.exit(failed ? 1 : 0);
