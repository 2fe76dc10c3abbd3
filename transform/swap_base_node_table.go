package transform

import (
	"slices"
	"strings"
	"sync"
)

// nodePure are modules that are JavaScript alone, as is what they need, or whose C
// parts are optional. Put together by hand, November 2026; a name that is not here
// only means a decline.
var nodePure = sync.OnceValue(func() map[string]bool {
	return setOf(`
	express body-parser cors morgan helmet compression cookie-parser cookie-session express-session multer express-validator express-rate-limit connect serve-static serve-favicon method-override errorhandler
	express-fileupload express-handlebars express-async-handler express-async-errors ejs pug hbs handlebars mustache nunjucks jade
	koa koa-router @koa/router koa-bodyparser koa-static koa-logger koa-compose hapi @hapi/hapi fastify restify polka micro restana
	axios node-fetch request request-promise superagent got needle cross-fetch isomorphic-fetch form-data follow-redirects qs
	mongoose mongodb mysql mysql2 pg pg-pool pg-hstore sequelize knex typeorm redis ioredis connect-redis connect-mongo connect-mongodb-session connect-flash nedb lowdb tedious
	jsonwebtoken passport passport-local passport-jwt passport-google-oauth20 passport-github passport-facebook bcryptjs uuid nanoid shortid crypto-js jose
	lodash underscore async bluebird q moment moment-timezone dayjs date-fns luxon ms rxjs ramda immutable validator joi @hapi/joi yup zod ajv class-validator class-transformer reflect-metadata tslib
	dotenv config convict nconf rc yargs commander minimist chalk colors debug winston winston-daily-rotate-file pino pino-pretty bunyan log4js morgan-body loglevel npmlog
	socket.io socket.io-client engine.io sockjs nodemailer mailgun-js @sendgrid/mail twilio stripe aws-sdk amqplib mqtt kafkajs nats stompit
	cron node-cron node-schedule agenda bull bullmq uid http-errors http-proxy http-proxy-middleware http-status-codes http-status mime mime-types path-to-regexp on-finished
	graphql graphql-tools express-graphql apollo-server apollo-server-express @apollo/server graphql-tag dataloader swagger-ui-express swagger-jsdoc js-yaml yaml xml2js cheerio marked
	react react-dom react-scripts react-router react-router-dom redux react-redux redux-thunk prop-types web-vitals vue vue-router vuex pinia jquery bootstrap
	@testing-library/react @testing-library/jest-dom @testing-library/user-event jest mocha chai chai-http supertest sinon nyc istanbul ava tape should eslint prettier standard husky lint-staged
	nodemon pm2 forever serve http-server json-server concurrently rimraf cross-env npm-run-all live-server typescript ts-node tslint ts-node-dev gulp gulp-cli grunt grunt-cli yarn pnpm npm express-generator @nestjs/cli
	@types/node @types/express @types/jest @types/cors @types/lodash @types/jsonwebtoken @types/morgan @types/bcryptjs @types/body-parser @types/cookie-parser @types/uuid @types/mongoose @types/pg @types/multer @types/supertest
	@types/react @types/react-dom @types/mocha @types/chai @types/validator @types/ws @types/redis @types/nodemailer @types/yargs
	prom-client express-prom-bundle opossum consul jaeger-client opentracing response-time on-headers vary etag fresh cloudevents uglify-js clean-css less stylus autoprefixer postcss
	slugify faker chance csv-parse csv-parser csv-stringify fast-csv json2csv xlsx exceljs pdfkit pdfmake archiver adm-zip antd formik react-bootstrap reactstrap react-icons react-toastify react-hook-form chart.js react-chartjs-2 recharts d3 three leaflet react-leaflet framer-motion swiper react-query webpack webpack-cli webpack-dev-server
	babel-loader css-loader style-loader file-loader html-webpack-plugin mini-css-extract-plugin source-map-support object-assign classnames history reselect redux-saga redux-logger redux-devtools-extension axios-mock-adapter @dapr/dapr
	unzipper tar mkdirp fs-extra glob globby minimatch chokidar del ncp`)
})

// isPureModule reports whether a module is JavaScript alone: by its name, or by the
// scope that it belongs to.
func isPureModule(name string) bool {
	if nodePure()[name] {
		return true
	}
	scope, _, ok := strings.Cut(name, "/")
	return ok && slices.Contains(words("@types @babel @mui @material-ui @emotion @fortawesome @reduxjs @testing-library @hapi @typescript-eslint @react-navigation @ngrx @graphql-tools @opentelemetry"), scope)
}
