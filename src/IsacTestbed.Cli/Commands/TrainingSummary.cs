using System.Text.Json;
using IsacTestbed.Core;
using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Cli.Commands;

/// <summary>What a training has led to: the checkpoint, how good it is on cases it has not seen, and what crossed the network.</summary>
/// <param name="File">The checkpoint.</param>
/// <param name="Policy">The networks.</param>
/// <param name="Traffic">What crossed the network.</param>
/// <param name="Elapsed">Time of training.</param>
/// <param name="Checks">Mean objectives on drawn cases at the ends and in the middle of the trained range of rho.</param>
internal sealed record TrainingSummary(string File, BeamPolicy Policy, BackhaulTraffic Traffic, TimeSpan Elapsed, IReadOnlyList<TrainingSummary.Check> Checks)
{
    private const int Cases = 10;

    /// <summary>Mean objectives in bit/s/Hz.</summary>
    /// <param name="Rho">Weight of the communication rate.</param>
    /// <param name="SnrDb">SNR.</param>
    /// <param name="Learned">Of the networks.</param>
    /// <param name="Gradient">Of the multi-start search.</param>
    internal sealed record Check(double Rho, double SnrDb, double Learned, double Gradient);

    /// <summary>Tries the networks on drawn cases.</summary>
    public static TrainingSummary Create(
        BeamTrainingSettings settings, BeamPolicy policy, BackhaulTraffic traffic, string file, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var planner = new VflBeamformingPlanner(TimeProvider.System);
        double middle = 0.5 * (settings.Rho.Minimum + settings.Rho.Maximum);
        Check[] checks =
        [
            .. new[] { settings.Rho.Minimum, middle, settings.Rho.Maximum }.Distinct().Select(rho =>
            {
                MultiCellScene scene = settings.Scene with { Rho = rho, SnrDb = settings.SnrDb.Maximum };
                VflBeamformingCase[] cases = [.. Enumerable.Range(1, Cases).Select(seed => scene.Draw((ulong)seed))];
                return new Check(
                    rho,
                    scene.SnrDb,
                    cases.Average(c => planner.Run(c, policy.Method, policy).Plan.Objective),
                    cases.Average(c => planner.Solve(c, VflBeamformingMethods.Gradient, cancellationToken).Plan.Objective));
            }),
        ];
        return new TrainingSummary(file, policy, traffic, elapsed, checks);
    }

    /// <summary>Writes lines for people.</summary>
    public void WriteText(TextWriter writer)
    {
        writer.WriteLine(FormattableString.Invariant($"{Policy.Method}, {Policy.ParametersPerStation} parameters per base station, trained in {Elapsed.TotalSeconds:F0} s"));
        writer.WriteLine();
        writer.WriteLine($"mean objective of {Cases} drawn cases, bit/s/Hz");
        writer.WriteLine($"{"rho",6}{"SNR / dB",10}{Policy.Method,14}{"gradient",10}{"share",9}");
        foreach (Check check in Checks)
        {
            writer.WriteLine(FormattableString.Invariant($"{check.Rho,6:G3}{check.SnrDb,10:G3}{check.Learned,14:F2}{check.Gradient,10:F2}{100 * check.Learned / check.Gradient,7:F1} %"));
        }

        writer.WriteLine();
        if (Traffic.TotalBytes == 0)
        {
            writer.WriteLine("Nothing crossed the network: every cell trained by itself.");
        }
        else
        {
            foreach ((BackhaulContent content, long bytes) in Traffic.Bytes)
            {
                writer.WriteLine(FormattableString.Invariant($"{content,-16}{bytes,16:N0} bytes"));
            }

            writer.WriteLine(FormattableString.Invariant(
                $"Channels to users and beamformers: {Traffic.PaperContentBytes:N0} bytes; the paper's (M + 1) K N_T = {Traffic.PaperNumbers} complex numbers per base station and sample: {Traffic.PaperCountBytes:N0} bytes."));
        }

        writer.WriteLine($"Written: {File}");
    }

    /// <summary>One JSON object.</summary>
    public string ToJson() => JsonText.Object(writer =>
    {
        writer.WriteString("model", File);
        writer.WriteString("method", Policy.Method);
        writer.WriteNumber("parametersPerStation", Policy.ParametersPerStation);
        writer.WriteNumber("trainSeconds", Elapsed.TotalSeconds);
        writer.WriteStartArray("checks");
        foreach (Check check in Checks)
        {
            writer.WriteStartObject();
            writer.WriteNumber("rho", check.Rho);
            writer.WriteNumber("snrDb", check.SnrDb);
            writer.WriteNumber("objective", check.Learned);
            writer.WriteNumber("gradientObjective", check.Gradient);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("trafficBytes");
        foreach ((BackhaulContent content, long bytes) in Traffic.Bytes)
        {
            writer.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(content.ToString()), bytes);
        }

        writer.WriteEndObject();
        writer.WriteNumber("paperCountBytes", Traffic.PaperCountBytes);
    });
}
