using System.Globalization;
using IsacTestbed.Control.Records;
using Spectre.Console;

namespace IsacTestbed.Cli.Screens;

/// <summary>The table at the end of a run: planned against measured, per strategy and device.</summary>
internal static class SummaryTable
{
    /// <summary>Writes the table and where the run was recorded.</summary>
    public static void Write(IAnsiConsole console, RunSummary summary, string folder)
    {
        var table = new Table().Border(TableBorder.Simple).Title("Planned against measured");
        foreach (string column in (string[])["strategy", "device"])
        {
            table.AddColumn(column);
        }

        string[] columns = ["SNR planned dB", "SNR measured dB", "success planned", "success measured", "frames", "dropped", "final accuracy"];
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (MethodSummary method in summary.Methods)
        {
            if (!method.Feasible)
            {
                table.AddRow(method.Method, Markup.Escape($"no feasible plan: {string.Join("; ", method.Reasons)}"));
            }

            for (int k = 0; k < method.Devices.Count; k++)
            {
                DeviceSummary device = method.Devices[k];
                table.AddRow(
                    k == 0 ? method.Method : string.Empty,
                    Markup.Escape(device.DeviceId),
                    Number(device.PlannedSensingSnrDb, "0.00"),
                    Number(device.MeasuredSensingSnrDb, "0.00"),
                    Number(device.PlannedUploadSuccess, "0.00"),
                    Number(device.MeasuredUploadSuccess, "0.00"),
                    device.Frames.ToString(CultureInfo.InvariantCulture),
                    device.InvalidMeasurements.ToString(CultureInfo.InvariantCulture),
                    k == 0 ? method.FinalAccuracy.ToString("P1", CultureInfo.InvariantCulture) : string.Empty);
            }
        }

        console.Write(table);

        var errors = new Table().Border(TableBorder.Simple).Title("Error of the plan, first quarter of the rounds against last quarter");
        errors.AddColumn("strategy");
        foreach (string column in (string[])["SNR error first dB", "last dB", "success error first", "last"])
        {
            errors.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (MethodSummary method in summary.Methods.Where(m => m.Feasible))
        {
            errors.AddRow(
                method.Method,
                Number(method.EarlySnrErrorDb, "0.00"),
                Number(method.LateSnrErrorDb, "0.00"),
                Number(method.EarlySuccessError, "0.00"),
                Number(method.LateSuccessError, "0.00"));
        }

        console.Write(errors);

        var gains = new Table().Border(TableBorder.Simple).Title("What calibration learned: true over modelled gain in dB, with 95 % intervals");
        gains.AddColumn("strategy");
        gains.AddColumn("device");
        foreach (string column in (string[])["sensing", "uplink", "modem gap"])
        {
            gains.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (MethodSummary method in summary.Methods)
        {
            for (int k = 0; k < method.Devices.Count; k++)
            {
                DeviceSummary device = method.Devices[k];
                gains.AddRow(
                    k == 0 ? method.Method : string.Empty,
                    Markup.Escape(device.DeviceId),
                    Markup.Escape(Gain(device.SensingGain)),
                    Markup.Escape(Gain(device.UplinkGain)),
                    k == 0 ? Number(method.GapDb, "0.0") : string.Empty);
            }
        }

        console.Write(gains);
        console.WriteLine($"Run folder: {folder}");
    }

    private static string Gain(CalibratedGain gain) =>
        string.Create(CultureInfo.InvariantCulture, $"{gain.GainDb:0.0} [{gain.LowerDb:0.0}, {gain.UpperDb:0.0}]");

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
