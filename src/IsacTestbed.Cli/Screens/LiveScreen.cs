using System.Globalization;
using IsacTestbed.Control.Experiments;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;
using Spectre.Console;

namespace IsacTestbed.Cli.Screens;

/// <summary>The live display: a bar of rounds, and per device the measured SNR and the uploads so far.</summary>
internal sealed class LiveScreen : IRunObserver
{
    private const int BarWidth = 40;

    private readonly LiveDisplayContext _context;
    private readonly Dictionary<string, (int Uploads, int Outages)> _outages = [];
    private string _method = string.Empty;
    private int _rounds;

    public LiveScreen(LiveDisplayContext context)
    {
        _context = context;
    }

    /// <summary>Runs a task under a live display.</summary>
    public static Task<T> RunAsync<T>(Func<IRunObserver, Task<T>> run) =>
        AnsiConsole.Live(new Text("Starting the radios and sensing the reference frames ...")).StartAsync(context => run(new LiveScreen(context)));

    public void MethodStarted(string method, int rounds, int nextRound)
    {
        (_method, _rounds) = (method, rounds);
        _outages.Clear();
        _context.UpdateTarget(Bar(nextRound, null));
    }

    public void RoundCompleted(RoundRecord round)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("device");
        foreach (string column in (string[])["frames", "planned SNR dB", "measured SNR dB", "planned success", "uploads", "outages"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (DeviceRound device in round.Devices)
        {
            (int uploads, int outages) = _outages.GetValueOrDefault(device.DeviceId);
            if (device.UploadVerdict == Verdict.Valid)
            {
                (uploads, outages) = (uploads + 1, outages + (device.UploadSucceeded ? 0 : 1));
                _outages[device.DeviceId] = (uploads, outages);
            }

            table.AddRow(
                Markup.Escape(device.DeviceId),
                device.ValidFrames.ToString(CultureInfo.InvariantCulture),
                RoundText.Snr(device.PlannedSensingSnr),
                RoundText.Snr(device.MeasuredSensingSnr),
                device.PlannedUploadSuccess.ToString("0.00", CultureInfo.InvariantCulture),
                uploads.ToString(CultureInfo.InvariantCulture),
                outages.ToString(CultureInfo.InvariantCulture));
        }

        _context.UpdateTarget(new Rows(Bar(round.Round + 1, round), table));
    }

    public void MethodCompleted(MethodSummary summary)
    {
    }

    private Text Bar(int done, RoundRecord? round)
    {
        int filled = BarWidth * done / _rounds;
        string accuracy = round is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"  accuracy {round.Accuracy:P1}  modem gap {round.GapDb:0.0} dB{RoundText.Dropped(round)}");
        return new Text($"{_method,-15} [{new string('#', filled)}{new string('.', BarWidth - filled)}] round {done}/{_rounds}{accuracy}");
    }
}
