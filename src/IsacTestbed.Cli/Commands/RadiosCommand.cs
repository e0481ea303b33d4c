using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using IsacTestbed.Cli.Composition;
using IsacTestbed.Control.Sidecars;
using IsacTestbed.Radio;
using Spectre.Console;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac radios</c>: what sidecars offer, and who holds it.</summary>
internal static class RadiosCommand
{
    private const int WideConsole = 150;

    private static readonly Option<string[]> Sidecars = new("--sidecar")
    {
        Description = "host:port of a sidecar; may be given several times.",
        Required = true,
    };

    private static readonly Option<string> Output = new("--output")
    {
        Description = "table, or json for programs.",
        DefaultValueFactory = _ => "table",
    };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        var command = new Command(
            "radios",
            """
            List the radios of sidecars: what they can do, how they are tuned, who holds them and until when.

            Examples:
              isac radios --sidecar 127.0.0.1:50051
              isac radios --sidecar bench-pc:50051 --ca cert.pem --token-file token --output json
            """)
        {
            Sidecars, Output,
        };
        ConnectionOptions.AddTo(command);
        command.SetAction(ListAsync);
        return command;
    }

    private static async Task<int> ListAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var rows = new List<RadioRow>();
        foreach (string text in options.GetRequiredValue(Sidecars))
        {
            (Uri address, SidecarClientOptions connection) = ConnectionOptions.Read(options, text);
            await using SidecarClient client = await SidecarClient.ConnectAsync(address, connection, cancellationToken);
            IReadOnlyList<SidecarRadioState> states = await client.GetStatesAsync(cancellationToken);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            rows.AddRange(client.Info.Radios.Select(r => RadioRow.Of(address, r, states.FirstOrDefault(s => s.RadioId == r.RadioId), now)));
        }

        if (options.GetValue(Output) == "json")
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(rows, RadioRowJson.Default.ListRadioRow));
        }
        else
        {
            WriteTable(rows);
        }

        return ExitCodes.Success;
    }

    private static void WriteTable(List<RadioRow> rows)
    {
        if (Console.IsOutputRedirected)
        {
            // A file or a pipe has no colours and no width of its own.
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Width = WideConsole;
        }

        var table = new Table().AddColumns("radio", "sidecar", "driver", "serial", "TX/RX", "rates MS/s", "range MHz", "tuned MHz", "holder", "until");
        foreach (RadioRow row in rows)
        {
            table.AddRow(
                [
                    .. new[]
                    {
                        row.RadioId,
                        row.Sidecar,
                        row.Driver,
                        row.Serial,
                        $"{row.TxChannels}/{row.RxChannels}",
                        Range(row.MinSampleRateHz, row.MaxSampleRateHz),
                        Range(row.MinFrequencyHz, row.MaxFrequencyHz),
                        row.FrequencyHz is { } frequency ? Mega(frequency) : "-",
                        row.Holder ?? "free",
                        row.HeldUntil is { } until ? until.ToString("u", CultureInfo.InvariantCulture) : "-",
                    }.Select(Markup.Escape),
                ]);
        }

        AnsiConsole.Console.Write(table);
    }

    private static string Range(double minimum, double maximum) => minimum == maximum ? Mega(minimum) : $"{Mega(minimum)} to {Mega(maximum)}";

    private static string Mega(double hertz) => (hertz / 1e6).ToString("0.######", CultureInfo.InvariantCulture);
}

/// <summary>One radio, as programs read it.</summary>
internal sealed record RadioRow(
    string Sidecar,
    string RadioId,
    string Driver,
    string Serial,
    int TxChannels,
    int RxChannels,
    double MinSampleRateHz,
    double MaxSampleRateHz,
    double MinFrequencyHz,
    double MaxFrequencyHz,
    double? SampleRateHz,
    double? FrequencyHz,
    double? TxGainDb,
    double? RxGainDb,
    string? Holder,
    DateTimeOffset? HeldUntil)
{
    /// <summary>Puts together what the sidecar said.</summary>
    public static RadioRow Of(Uri sidecar, RadioDescription radio, SidecarRadioState? state, DateTimeOffset now) => new(
        sidecar.Authority,
        radio.RadioId,
        radio.Driver,
        radio.Serial,
        radio.TxChannels,
        radio.RxChannels,
        radio.SampleRateHz.Minimum,
        radio.SampleRateHz.Maximum,
        radio.FrequencyHz.Minimum,
        radio.FrequencyHz.Maximum,
        state?.Settings?.SampleRateHz.Actual,
        state?.Settings?.FrequencyHz.Actual,
        state?.Settings?.TxGainDb.Actual,
        state?.Settings?.RxGainDb.Actual,
        state?.Holder,
        state?.Holder is null ? null : now + state.LeaseRemaining);
}

/// <summary>Writes the rows.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(List<RadioRow>))]
internal sealed partial class RadioRowJson : JsonSerializerContext;
