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

pub(super) const PROFILE: &str = "\
Examples:

    $ export OAUTH1_CONFIG_DIR=$PWD/config
    $ echo kd94hf93k423kf44 > client-secret
    $ oauth1 profile add photos --client-key dpf43f3p2l4k3l03 \\
        --client-secret-file client-secret --replace
    $ oauth1 profile list --providers
    $ oauth1 profile show photos
    $ oauth1 sign https://api.example.com/ --profile photos
    $ oauth1 profile remove photos

Each profile is a file (JSON, mode 0600) in the folder `profiles` of
OAUTH1_CONFIG_DIR, or else of `oauth1` in the platform's folder for
configuration. One that others can read is refused. Options go before the
profile, and the profile before the environment.";

pub(super) const REQUEST: &str = "\
Examples:

  The curl command that would send a signed request:

    $ export OAUTH1_CLIENT_KEY=dpf43f3p2l4k3l03
    $ export OAUTH1_CLIENT_SECRET=kd94hf93k423kf44
    $ oauth1 POST https://api.example.com/1/statuses \\
        status='Hello Ladies + Gentlemen' --dry-run

  JSON, and a part of a query:

    $ oauth1 POST https://api.example.com/1/orders size==large \\
        name=Jane count:=2 --dry-run
    $ oauth1 request https://api.example.com/1/orders \\
        --json '{\"count\": 2}' --dry-run

  With a profile, and everything told; a file of any size; a download:

    oauth1 GET https://api.example.com/1/me -p photos -v
    oauth1 PUT https://api.example.com/1/film -p photos -T film.mp4
    oauth1 GET https://api.example.com/1/film -p photos -o film.mp4

Exit status: 0 for a response of status 200 to 299 and 304; 3 for a redirect
that was not followed; 4 for 400 to 499, 5 for 500 to 599 (22 for both with
--fail, as curl has it); 1 when there was no response, 2 when the command
line is wrong.

Environment: OAUTH1_CLIENT_KEY, OAUTH1_CLIENT_SECRET, OAUTH1_TOKEN,
OAUTH1_TOKEN_SECRET, OAUTH1_PRIVATE_KEY_FILE; options go before them.";

pub(super) const AUTHORIZE: &str = "\
Examples:

  With a provider that is known, and a token kept in a profile of its name:

    export OAUTH1_CLIENT_KEY=dpf43f3p2l4k3l03
    export OAUTH1_CLIENT_SECRET=kd94hf93k423kf44
    oauth1 authorize --profile flickr --page-parameter perms=read \\
        --save photos
    oauth1 GET https://www.flickr.com/services/rest -p photos \\
        method==flickr.test.login

  With a server of one's own, and a browser on another machine:

    oauth1 authorize --oob --save mine \\
        --temporary-url https://api.example.com/initiate \\
        --authorization-url https://api.example.com/authorize \\
        --token-url https://api.example.com/token

  Which providers are known, and what they need:

    $ oauth1 profile list --providers
    $ oauth1 profile show flickr

Exit status: 0 when there is a token, 130 after Ctrl-C, 1 for all else that
goes wrong, 2 when the command line is wrong.";

pub(super) const PROXY: &str = "\
Examples:

  A reverse proxy: curl, which knows nothing of OAuth 1, calls the API.

    oauth1 proxy --to https://api.example.com --profile photos &
    curl http://127.0.0.1:8899/1/me

  A forward proxy, for programs whose URLs cannot be changed:

    oauth1 proxy --for api.example.com --upgrade --profile photos &
    http_proxy=http://127.0.0.1:8899 curl http://api.example.com/1/me

  Started and ended by a script:

    $ export OAUTH1_CLIENT_KEY=dpf43f3p2l4k3l03
    $ export OAUTH1_CLIENT_SECRET=kd94hf93k423kf44
    $ timeout --preserve-status 1 oauth1 proxy --listen 127.0.0.1:0 \\
        --to http://127.0.0.1:9 2> proxy.log || cat proxy.log
    $ grep 'signs and sends on' proxy.log

It listens on 127.0.0.1, refuses pages in browsers, which could use the
credentials otherwise, and ends on SIGINT and SIGTERM once what is on its
way has ended. CONNECT is refused: nobody can sign what is encrypted.";

pub(super) const SASL: &str = "\
Examples:

  The initial response in base64, for AUTHENTICATE in IMAP and AUTH in SMTP:

    $ export OAUTH1_CLIENT_SECRET=kd94hf93k423kf44
    $ export OAUTH1_TOKEN_SECRET=pfkkdhi9sl3r4s00
    $ oauth1 sasl OAUTH10A --host imap.example.com --port 993 \\
        --authzid jane@example.com \\
        --client-key dpf43f3p2l4k3l03 --token nnch734d00sl2jdk
    $ oauth1 sasl XOAUTH -v \\
        https://mail.google.com/mail/b/jane@example.com/imap/ \\
        --client-key dpf43f3p2l4k3l03 --token nnch734d00sl2jdk

  JSON lines, for programs:

    $ echo '{\"mechanism\": \"XOAUTH\", \"url\": \"https://a/\", \"client_key\": \"c\"}' |
        oauth1 sasl --json

Environment: OAUTH1_CLIENT_KEY, OAUTH1_CLIENT_SECRET, OAUTH1_TOKEN,
OAUTH1_TOKEN_SECRET; options go before them.";

pub(super) const PROVIDER: &str = "\
Examples:

  A provider for development, and a client that has a profile for it:

    oauth1 provider serve
    oauth1 authorize --profile development
    oauth1 GET http://127.0.0.1:8877/me --profile development

  The clients of a provider's store:

    $ rm -f provider.sqlite3 printer.secret
    $ oauth1 provider client create Printer --store provider.sqlite3 \\
        --callback https://printer.example.com/ready \\
        --secret-file printer.secret
    $ oauth1 provider client list --store provider.sqlite3

The development provider listens on this machine alone. What it refuses it
explains in its log and at http://127.0.0.1:8877/.";
