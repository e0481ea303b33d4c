namespace IsacTestbed.Cli.Doctor;

/// <summary>Shows the report as text.</summary>
internal static class DoctorTable
{
    /// <summary>Writes the report: a line per check, and under it what to do.</summary>
    public static void Write(TextWriter writer, DoctorReport report)
    {
        int width = report.Checks.Max(c => c.Check.Length);
        foreach (CheckResult check in report.Checks)
        {
            writer.WriteLine($"{Word(check.Status),-8} {check.Check.PadRight(width)}  {check.Found}");
            if (check.Remedy.Length > 0)
            {
                writer.WriteLine($"{string.Empty,-8} {string.Empty.PadRight(width)}  -> {check.Remedy}");
            }
        }

        writer.WriteLine();
        writer.WriteLine(
            $"{report.Checks.Count(c => c.Status == CheckStatus.Ok)} ok, {report.Checks.Count(c => c.Status == CheckStatus.Warning)} with a warning, "
            + $"{report.Checks.Count(c => c.Status == CheckStatus.Failed)} failed, {report.Checks.Count(c => c.Status == CheckStatus.NotApplicable)} not applicable");
    }

    private static string Word(CheckStatus status) =>
        status switch
        {
            CheckStatus.Ok => "ok",
            CheckStatus.Warning => "WARNING",
            CheckStatus.Failed => "FAILED",
            _ => "-",
        };
}
