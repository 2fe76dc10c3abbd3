package transform

import "strings"

// nugetKind is what a NuGet package asks of the image.
type nugetKind int

const (
	nugetUnknown nugetKind = iota
	nugetManaged           // nothing but .NET
	nugetCarries           // it carries its C library for glibc and for musl, which links to the C library alone
	nugetCulture           // managed, but it refuses to run with cultures turned off
	nugetNative            // it carries or wants native libraries
	nugetStarts            // it starts other programs
)

// nugetOf looks a package up by the longest name of the table that it is or begins
// with, whole parts between dots. All rows are from memory of what the packages hold.
func nugetOf(name string) nugetKind {
	name = strings.ToLower(name)
	best, kind := -1, nugetUnknown
	for _, row := range nugetTable() {
		for entry := range strings.FieldsSeq(strings.ToLower(row.names)) {
			if (name == entry || strings.HasPrefix(name, entry+".")) && len(entry) > best {
				best, kind = len(entry), row.kind
			}
		}
	}
	return kind
}

type nugetRow struct {
	kind  nugetKind
	names string
}

func nugetTable() []nugetRow {
	return []nugetRow{
		{nugetManaged, `Microsoft.AspNetCore Microsoft.Extensions Microsoft.EntityFrameworkCore Microsoft.IdentityModel Microsoft.OpenApi Microsoft.Bcl Microsoft.CSharp Microsoft.NETCore
			Microsoft.NET.ILLink.Tasks Microsoft.IO.RecyclableMemoryStream Microsoft.SourceLink Microsoft.CodeAnalysis Microsoft.FeatureManagement Microsoft.AspNet.WebApi.Client Microsoft.Net.Http.Headers
			Microsoft.VisualStudio.Azure.Containers.Tools.Targets Microsoft.VisualStudio.Web.CodeGeneration.Design Microsoft.Win32.Primitives NETStandard.Library
			System runtime.native.System StyleCop.Analyzers SonarAnalyzer.CSharp Roslynator.Analyzers JetBrains.Annotations coverlet.collector
			Swashbuckle NSwag.AspNetCore NSwag.Annotations Scalar.AspNetCore Newtonsoft.Json Utf8Json MessagePack protobuf-net Google.Protobuf Grpc.AspNetCore Grpc.Net Grpc.Core.Api Grpc.Tools Grpc.HealthCheck
			Serilog NLog log4net OpenTelemetry prometheus-net AutoMapper Mapster Riok.Mapperly MediatR FluentValidation FluentResults ErrorOr OneOf Polly Scrutor Autofac Ardalis Carter FastEndpoints
			MinVer CSharpFunctionalExtensions Asp.Versioning Dapper Dommel EFCore.NamingConventions EFCore.BulkExtensions.PostgreSql Npgsql MySqlConnector Pomelo.EntityFrameworkCore.MySql StackExchange.Redis
			Pipelines.Sockets.Unofficial MassTransit RabbitMQ.Client EasyNetQ NATS Rebus Consul Dapr.Client Dapr.AspNetCore Ocelot Yarp.ReverseProxy CloudNative.CloudEvents
			AspNetCore.HealthChecks.NpgSql AspNetCore.HealthChecks.Redis AspNetCore.HealthChecks.Uris AspNetCore.HealthChecks.UI.Client AspNetCore.HealthChecks.UI.Core AspNetCore.HealthChecks.Rabbitmq
			CsvHelper MailKit MimeKit MimeTypes BouncyCastle Portable.BouncyCastle BCrypt.Net-Next RestSharp Refit Flurl Humanizer Quartz Cronos NodaTime TimeZoneConverter SixLabors
			IdentityServer4 IdentityModel OpenIddict Stripe.net SendGrid Otp.NET NEST Elasticsearch.Net Elastic.Clients.Elasticsearch Elastic.Transport HotChocolate GraphQL AspNetCoreRateLimit CircularBuffer
			Azure.Core Azure.Storage Azure.Messaging.ServiceBus Twilio MudBlazor Blazored Marten Weasel JasperFx Bogus FSharp.Core Giraffe Saturn`},
		{nugetCarries, "Microsoft.EntityFrameworkCore.Sqlite Microsoft.Data.Sqlite SQLitePCLRaw AspNetCore.HealthChecks.Sqlite"},
		{nugetCulture, "Microsoft.Data.SqlClient System.Data.SqlClient Microsoft.EntityFrameworkCore.SqlServer AspNetCore.HealthChecks.SqlServer Microsoft.Extensions.Caching.SqlServer Serilog.Sinks.MSSqlServer"},
		{nugetNative, `SkiaSharp HarfBuzzSharp System.Drawing.Common Grpc.Core LibGit2Sharp Magick.NET Oracle IBM IBM.Data IBM.Data.DB2 Net.IBM librdkafka Confluent.Kafka Confluent.SchemaRegistry MassTransit.Kafka
			AspNetCore.HealthChecks.Kafka MongoDB.Driver MongoDB.Libmongocrypt AspNetCore.HealthChecks.MongoDb Serilog.Sinks.MongoDB Tesseract Emgu OpenCvSharp4 ZXing.SkiaSharp NetVips ImageProcessor DinkToPdf
			QuestPDF Wkhtmltopdf.NetCore Rotativa Haukcode.WkHtmlToPdfDotNet Microsoft.ML Microsoft.ML.OnnxRuntime TensorFlow.NET SciSharp RocksDB RocksDbSharp LevelDB ZstdNet Snappy Sodium.Core NSec libsodium Geth
			System.DirectoryServices System.IO.Ports System.Data.Odbc System.Data.OracleClient System.Data.SQLite System.Management System.ServiceProcess System.Windows System.Speech
			Microsoft.AspNetCore.Authentication.Negotiate Microsoft.Win32 OpenTelemetry.AutoInstrumentation Datadog.Trace Elastic.Apm.Profiler NewRelic.Agent Microsoft.AspNetCore.Server.Kestrel.Transport.Libuv Serilog.Sinks.SQLite Microsoft.Azure.Cosmos Microsoft.EntityFrameworkCore.Cosmos`},
		{nugetStarts, `System.Diagnostics.Process CliWrap SimpleExec MedallionShell Testcontainers PuppeteerSharp Microsoft.Playwright Selenium.WebDriver FFMpegCore Xabe.FFmpeg Microsoft.AspNetCore.SpaServices Microsoft.AspNetCore.NodeServices
			Microsoft.AspNetCore.SpaProxy Jering.Javascript.NodeJS Pulumi NugetDownloader`},
	}
}
