using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Sidecar;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IsacTestbed.Cli.Composition;

/// <summary>Sends a sidecar's metrics and traces to a collector (OTLP, protobuf over HTTP) until it is disposed.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string Service = "isac-sidecar";
    private const int LimitMilliseconds = 2000;
    private const int MetricPeriodMilliseconds = 5000;

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    /// <summary>Starts exporting.</summary>
    /// <param name="collector">Base address of the collector, as in http://127.0.0.1:4318.</param>
    public TelemetryExport(Uri collector)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(RadioSidecar.TelemetryName)
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, collector, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = MetricPeriodMilliseconds;
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(RadioSidecar.TelemetryName)
            .AddOtlpExporter(exporter => Configure(exporter, collector, "v1/traces"))
            .Build();
    }

    /// <summary>Reads the collector's address.</summary>
    /// <param name="text">http://host:port, or with https; null for none.</param>
    /// <param name="allowRemote">Whether it may be another machine.</param>
    /// <exception cref="ConfigurationException">No such address, or another machine that was not allowed.</exception>
    public static Uri? ReadAddress(string? text, bool allowRemote)
    {
        if (text is null)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ConfigurationException("--otlp", string.Empty, $"found \"{text}\"; it must be the address of a collector, as in http://127.0.0.1:4318");
        }

        return allowRemote || SidecarAddress.IsLoopback(address)
            ? address
            : throw new ConfigurationException(
                "--otlp",
                string.Empty,
                $"{address} is another machine, which would learn who uses which radio when; add --otlp-allow-remote if it shall");
    }

    /// <summary>Sends what is left, within a time limit, and stops.</summary>
    public void Dispose()
    {
        _metrics.Shutdown(LimitMilliseconds);
        _traces.Shutdown(LimitMilliseconds);
        _metrics.Dispose();
        _traces.Dispose();
    }

    private static void Describe(ResourceBuilder resource) => resource.AddService(
        Service,
        serviceVersion: BuildInfo.Version,
        serviceInstanceId: string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}"));

    private static void Configure(OtlpExporterOptions exporter, Uri collector, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(collector, path);
        exporter.TimeoutMilliseconds = LimitMilliseconds;
    }
}
