package transform

import (
	"strconv"
	"strings"
	"sync"
)

// pythonPure are packages that are pure Python, as is what they need, or that do
// without their C parts where those cannot be built. Put together by hand from
// PyPI's file lists, November 2026; a name that is not here only means a decline.
var pythonPure = setOf(`
	absl-py aiofiles amqp aniso8601 anyio apispec appdirs apscheduler arrow art asgiref asn1crypto attrs autopep8 babel backoff beautifulsoup4 bidict
	billiard bleach blinker boltons boto3 botocore bottle bs4 cached-property cachetools celery cerberus certifi chardet charset-normalizer click
	click-didyoumean click-plugins click-repl cloudevents colorama coloredlogs configparser coreapi coreschema crispy-bootstrap4 crispy-bootstrap5
	cron-descriptor croniter decorator defusedxml deprecated-params deprecation dicttoxml distlib dj-database-url dj-static django django-bootstrap3
	django-bootstrap4 django-bootstrap5 django-celery-beat django-celery-results django-cleanup django-cors-headers django-cors-middleware
	django-crispy-forms django-debug-toolbar django-environ django-extensions django-filter django-guardian django-health-check django-js-asset
	django-model-utils django-mptt django-nested-admin django-phonenumber-field django-redis django-rest-swagger django-storages django-summernote
	django-taggit django-timezone-field django-widget-tweaks djangorestframework djangorestframework-simplejwt dnspython docopt docutils docx2txt dominate
	dynaconf ecdsa elastic-transport elasticsearch elasticsearch-dsl email-validator emoji environs et-xmlfile exceptiongroup factory-boy faker feedparser
	filelock fire flake8 flask flask-assets flask-babel flask-bootstrap flask-caching flask-cors flask-debugtoolbar flask-httpauth flask-jwt-extended
	flask-limiter flask-login flask-mail flask-marshmallow flask-moment flask-principal flask-restful flask-restx flask-script flask-session
	flask-socketio flask-sslify flask-wtf freezegun func-timeout furl geographiclib geopy google-auth graphene graphql-core graphql-relay gunicorn h11 h2
	honcho hpack html5lib httpcore httplib2 httpx humanfriendly humanize hyperframe idna imgurpython importlib-metadata importlib-resources inflection
	influxdb iniconfig ipaddress iso4217 iso8601 isodate isort itsdangerous itypes jinja2 jmespath jsonpatch jsonpickle jsonpointer kafka-python kombu
	limits loguru mako markdown markdown-it-py markdown2 markupsafe marshmallow mccabe mdurl meld3 mistune mock more-itertools mypy-extensions nats-py
	netaddr num2words oauth2client oauthlib openapi-codec openpyxl opentracing orderedmultidict packaging paho-mqtt passlib pathlib2 pathspec pexpect
	pg8000 phonenumbers pika pip pip-tools platformdirs pluggy ply praw prawcore prometheus-client promise prompt-toolkit ptyprocess py pyasn1
	pyasn1-modules pycodestyle pycountry pycparser pyfiglet pyflakes pygments pyhumps pyjwt pymysql pyotp pyparsing pypdf pypdf2 pytest pytest-django
	pytest-flask pytest-mock python-crontab python-dateutil python-decouple python-dotenv python-engineio python-http-client python-jose
	python-json-logger python-multipart python-slugify python-socketio python-twitter pytz qrcode ratelimit raven redis requests requests-mock
	requests-oauthlib requests-toolbelt responses retrying rich rq rsa rx s3transfer schedule schematics scramp semver sendgrid sentry-sdk setuptools
	sgmllib3k shellingham simple-websocket six slack-bolt slack-sdk sniffio sortedcontainers soupsieve spotipy sqlparse starlette statsd stomp-py stripe
	structlog supervisor tablib tabulate telepot tenacity termcolor termgraph text-unidecode tinydb toml tomli tomlkit toolz tqdm tweepy typer
	typing-extensions typing-inspect tzdata tzlocal ua-parser unicodecsv unidecode update-checker uri-template uritemplate urllib3 user-agents uvicorn
	validators vine virtualenv visitor voluptuous waitress wcwidth webargs webassets webencodings websocket-client websockets werkzeug wheel whitenoise
	wikipedia wsproto wtforms xlrd xlsxwriter xlutils xlwt xmltodict zipp celery[redis] requests[socks] flask-executor flask-json-schema dj-rest-auth flask-restplus flask-mysql flask-uploads flask-swagger-ui flask-api flask-script python-tds
	annotated-types python3-openid heroku3 aiosqlite audioread django-templated-mail django-jazzmin django-ckeditor django-tinymce pyaes pysocks pytelegrambotapi pyrogram telethon pypika-tortoise tortoise-orm pony plotly
	flask-admin flask-apscheduler flask-talisman flask-paginate flask-seasurf google-api-python-client google-auth-httplib2 google-auth-oauthlib
`)

// setOf makes a set of names.
func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for _, name := range words(list) {
		set[name] = true
	}
	return set
}

// pythonWheels gives for a package of C sources the first version that has wheels
// for glibc, by the minor version of Python 3; 0 stands for every other one.
var pythonWheels = sync.OnceValue(func() map[string]map[int]string {
	table := map[string]map[int]string{}
	for row := range strings.Lines(pythonWheelText) {
		fields := words(row)
		since := map[int]string{}
		for _, f := range fields[1:] {
			minor, version, _ := strings.Cut(f, ":")
			n, _ := strconv.Atoi(minor)
			since[n] = version
		}
		table[fields[0]] = since
	}
	return table
})

// pythonWheelText is the table, one package a line, the versions on the careful
// side. The same source and date as pythonPure.
const pythonWheelText = `numpy 7:1.14.5 8:1.17.3 9:1.19.3 10:1.21.2 11:1.23.2 12:1.26.0 13:2.1.0 14:2.3.2
pandas 7:0.24.0 8:0.25.3 9:1.1.3 10:1.3.3 11:1.5.1 12:2.1.1 13:2.2.3 14:2.3.3
scipy 7:1.2.0 8:1.3.2 9:1.5.4 10:1.7.2 11:1.9.3 12:1.11.3 13:1.14.1 14:1.16.2
scikit-learn 7:0.21 8:0.22 9:0.24 10:1.0.2 11:1.2.0 12:1.4.0 13:1.6.0 14:1.7.2
matplotlib 7:3.0.0 8:3.2.0 9:3.4.0 10:3.5.0 11:3.7.0 12:3.8.0 13:3.10.0 14:3.10.6
psycopg2-binary 7:2.7.7 8:2.8.4 9:2.8.6 10:2.9.2 11:2.9.5 12:2.9.9 13:2.9.10 14:2.9.11
psycopg[binary] 8:3.1.8 9:3.1.8 10:3.1.8 11:3.1.8 12:3.1.18 13:3.2.3 14:3.2.12
pillow 7:5.3.0 8:7.0.0 9:8.0.0 10:8.4.0 11:9.3.0 12:10.1.0 13:11.0.0 14:12.0.0
cryptography 0:2.8
bcrypt 0:3.2.0
pynacl 0:1.4.0
argon2-cffi 0:21.2.0
psutil 0:5.9.6
cffi 7:1.12 8:1.14.0 9:1.14.4 10:1.15.0 11:1.15.1 12:1.16.0 13:1.17.1 14:2.0.0
pyyaml 7:5.4 8:5.4 9:5.4 10:6.0 11:6.0.1 12:6.0.1 13:6.0.2 14:6.0.3
lxml 7:4.3.0 8:4.5.0 9:4.6.1 10:4.7.1 11:4.9.2 12:4.9.4 13:5.3.0 14:6.0.1
sqlalchemy 0:1.0
greenlet 7:1.0.0 8:1.0.0 9:1.0.0 10:1.1.2 11:2.0.1 12:3.0.1 13:3.1.1 14:3.2.4
gevent 7:20.5.0 8:20.5.0 9:20.12.0 10:21.12.0 11:22.10.1 12:23.9.1 13:24.10.2 14:25.9.1
aiohttp 7:3.6.0 8:3.7.0 9:3.8.0 10:3.8.0 11:3.8.4 12:3.9.0 13:3.11.0 14:3.13.0
uvloop 7:0.14.0 8:0.14.0 9:0.15.0 10:0.16.0 11:0.17.0 12:0.19.0 13:0.21.0 14:0.22.1
httptools 7:0.2.0 8:0.2.0 9:0.2.0 10:0.4.0 11:0.5.0 12:0.6.1 13:0.6.4 14:0.7.1
orjson 7:3.4.0 8:3.4.0 9:3.4.3 10:3.6.5 11:3.8.2 12:3.9.10 13:3.10.10 14:3.11.4
ujson 7:4.0 8:4.0 9:4.1 10:5.0 11:5.6 12:5.9 13:5.10 14:5.11
msgpack 8:1.0.0 9:1.0.2 10:1.0.3 11:1.0.5 12:1.0.8 13:1.1.0 14:1.1.2
simplejson 0:3.17
protobuf 0:3.0
grpcio 7:1.24 8:1.26 9:1.34 10:1.42 11:1.50 12:1.60 13:1.67 14:1.76
grpcio-tools 7:1.24 8:1.26 9:1.34 10:1.42 11:1.50 12:1.60 13:1.67 14:1.76
pymongo 0:3.10
motor 0:2.0
mongoengine 0:0.18
tornado 0:6.1
wrapt 0:1.11
asyncpg 7:0.20 8:0.21 9:0.22 10:0.25 11:0.27 12:0.29 13:0.30 14:0.31
pydantic-core 8:2.0 9:2.0 10:2.0 11:2.0 12:2.14.1 13:2.20.1 14:2.41.1
pydantic 7:1.0 8:1.0 9:1.0 10:1.0 11:1.0 12:2.5 13:2.9 14:2.12
pydantic-settings 0:2.0
fastapi 0:0.60
uvicorn[standard] 0:0.20
python-jose[cryptography] 0:3.0
passlib[bcrypt] 0:1.7
pyjwt[crypto] 0:2.0
pydantic[email] 0:2.0
qrcode[pil] 0:7.0
sqlalchemy[asyncio] 0:1.4
redis[hiredis] 0:4.2
watchfiles 0:0.18
aiogram 8:2.20 9:2.20 10:2.20 11:2.25 12:3.3
discord-py 8:1.7 9:1.7 0:2.0
python-telegram-bot 7:13.0 8:13.0 9:13.0 0:20.0
djoser 0:2.0
drf-yasg 0:1.20
drf-spectacular 0:0.26
pycryptodome 8:3.9.7 9:3.9.9 0:3.15
pycryptodomex 8:3.9.7 9:3.9.9 0:3.15
gspread 0:5.0
deprecated 0:1.2
googleapis-common-protos 0:1.50
zope-interface 7:5.1 8:5.1 9:5.2 10:5.4 11:5.5 12:6.1 13:7.1 14:8.0
twisted 0:20.3
alembic 0:1.0
flask-sqlalchemy 0:2.4
flask-migrate 0:2.5
flask-bcrypt 0:1.0
sqlmodel 0:0.0.14
databases 0:0.5
opencv-python-headless 0:4.5.4.60
regex 8:2022.10.31 9:2022.10.31 10:2022.10.31 11:2022.10.31 12:2023.10.3 13:2024.11.6 14:2025.9.1
rpds-py 8:0.10 9:0.10 10:0.10 11:0.10 12:0.10 13:0.20 14:0.27
jsonschema 0:3.0
peewee 0:3.0
sentry-sdk[flask] 0:1.0
django-allauth 0:0.40
social-auth-app-django 0:4.0
coverage 0:5.5
pytest-cov 0:2.10
black 0:22.1
multidict 7:5.0 8:5.0 9:5.1 10:5.2 11:6.0.3 12:6.0.5 13:6.1 14:6.6
yarl 7:1.6 8:1.6 9:1.6.3 10:1.7.2 11:1.8.2 12:1.9.4 13:1.17 14:1.20
frozenlist 7:1.2 8:1.2 9:1.2 10:1.2 11:1.3.3 12:1.4.1 13:1.5 14:1.7
async-timeout 0:3.0
aiosignal 0:1.0
ruamel-yaml 0:0.17
watchdog 0:2.1
django-import-export 0:2.0
reportlab 0:4.0
gevent-websocket 0:0.10
flask-pymongo 0:2.3
mysql-connector-python 0:8.0.29
gunicorn[gevent] 0:19
djangorestframework-yaml 0:1.0
`
