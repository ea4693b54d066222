//! The examples of the help texts. A test runs every line that starts with a `$`.

pub(super) const SIGN: &str = "\
Examples:

  The header alone, for curl:

    $ export OAUTH1_CLIENT_SECRET=kd94hf93k423kf44
    $ export OAUTH1_TOKEN_SECRET=pfkkdhi9sl3r4s00
    $ oauth1 sign 'http://photos.example.net/photos?size=original' \\
        --client-key dpf43f3p2l4k3l03 --token nnch734d00sl2jdk

    curl -H \"$(oauth1 sign URL ...)\" URL

  A form, step by step, with a secret from a file:

    $ echo kd94hf93k423kf44 > client-secret
    $ oauth1 sign https://api.example.com/1/statuses -v \\
        --data-urlencode 'status=Hello Ladies + Gentlemen' \\
        --client-key dpf43f3p2l4k3l03 --client-secret-file client-secret

  JSON lines, for programs:

    $ echo '{\"url\": \"https://api.example.com/\", \"client_key\": \"c\"}' |
        oauth1 sign --json

Environment: OAUTH1_CLIENT_KEY, OAUTH1_CLIENT_SECRET, OAUTH1_TOKEN,
OAUTH1_TOKEN_SECRET, OAUTH1_PRIVATE_KEY_FILE; options go before them.";

pub(super) const BASE_STRING: &str = "\
Examples:

    $ oauth1 base-string 'http://photos.example.net/photos?size=original' \\
        --client-key dpf43f3p2l4k3l03 --timestamp 137131202 --nonce chapoH

  JSON lines, for programs:

    $ echo '{\"url\": \"https://api.example.com/\", \"client_key\": \"c\"}' |
        oauth1 base-string --json

Environment: OAUTH1_CLIENT_KEY, OAUTH1_TOKEN; options go before them.";

pub(super) const VERIFY: &str = "\
Examples:

  What curl sent, and what the server knows:

    $ export OAUTH1_CLIENT_SECRET=kd94hf93k423kf44
    $ export OAUTH1_CLIENT_KEY=dpf43f3p2l4k3l03
    $ oauth1 verify https://api.example.com/1/photos \\
        -H \"$(oauth1 sign https://api.example.com/1/photos)\"

  A request of long ago, with all headers in a file:

    $ oauth1 sign https://api.example.com/ --timestamp 137131202 > headers
    $ oauth1 verify https://api.example.com/ --header-file headers \\
        --now 137131205 -v

  JSON lines, for programs:

    $ echo '{\"url\": \"https://api.example.com/\", \"headers\": []}' |
        oauth1 verify --json

Environment: OAUTH1_CLIENT_KEY, OAUTH1_CLIENT_SECRET, OAUTH1_TOKEN,
OAUTH1_TOKEN_SECRET; options go before them.";

pub(super) const EXPLAIN: &str = "\
Examples:

  A request that was refused, with the headers that it was sent with; this client
  forgot the query when it signed:

    $ export OAUTH1_CLIENT_SECRET=kd94hf93k423kf44
    $ oauth1 sign -X POST https://api.example.com/search \\
        --client-key dpf43f3p2l4k3l03 > headers
    $ oauth1 explain -X POST 'https://api.example.com/search?startIndex=0' \\
        --header-file headers

  The same from the command that sent it, a raw request or a browser's archive:

    oauth1 explain --curl \"curl -d a=1 -H 'Authorization: OAuth ...' URL\"
    oauth1 explain --http request.txt
    oauth1 explain --har archive.har

  A base string from the server's log, for which no secret is needed:

    $ oauth1 base-string https://api.example.com/photos --client-key c \\
        --timestamp 137131202 --nonce chapoH > theirs
    $ oauth1 explain 'https://api.example.com/photos?size=original' \\
        --client-key c --timestamp 137131202 --nonce chapoH \\
        --expected-base-string - < theirs

  JSON lines, for programs:

    $ printf %s '{\"url\": \"https://api.example.com/\", \"client_key\": \"c\",' \\
        '\"nonce\": \"n\", \"timestamp\": 1, \"expected_signature\": \"AAAA\"}' |
        oauth1 explain --json

Status: 0 when it matches or is explained, 1 when it is not.
Environment: OAUTH1_CLIENT_KEY, OAUTH1_CLIENT_SECRET, OAUTH1_TOKEN,
OAUTH1_TOKEN_SECRET, OAUTH1_PRIVATE_KEY_FILE; options go before them.";

pub(super) const PARSE: &str = "\
Examples:

    $ oauth1 parse 'OAuth realm=\"Photos\", oauth_callback=\"http%3A%2F%2Fa.example%2Fb\"'
    $ oauth1 parse --query 'b5=%3D%253D&a3=a&c%40=&a2=r%20b'
    $ echo '{\"form\": \"c2&a3=2+q\"}' | oauth1 parse --json";

pub(super) const BODY_HASH: &str = "\
Examples:

    $ printf 'Hello World!' | oauth1 body-hash -
    $ printf '{\"a\": 1}' > body.json
    $ oauth1 body-hash body.json --digest SHA-256
    $ echo '{\"body\": \"Hello World!\"}' | oauth1 body-hash --json";

pub(super) const KEYGEN: &str = "\
Examples:

  The private key into a file that nobody else can read, the public one for the
  provider's console:

    $ rm -f key.pem
    $ oauth1 keygen --private-key-file key.pem > public.pem
    $ oauth1 sign https://api.example.com/ -m RSA-SHA1 --client-key c \\
        --private-key-file key.pem";

pub(super) const COMPLETIONS: &str = "\
Examples:

    $ oauth1 completions bash > oauth1.bash
    $ oauth1 completions zsh > _oauth1";

pub(super) const MAN: &str = "\
Examples:

    $ mkdir -p man1
    $ oauth1 man man1";
