namespace IsacTestbed.Cli.Reproduction.Iscc;

/// <summary>The samples of a sweep, by value and scheme.</summary>
/// <param name="Values">The swept values.</param>
/// <param name="Samples">[value][scheme], as in <see cref="Scheme.All"/>.</param>
internal sealed record SweepResult(IReadOnlyList<double> Values, Sample[][] Samples)
{
    /// <summary>The sample of a scheme at a value.</summary>
    public Sample At(double value, string method)
    {
        int point = Enumerable.Range(0, Values.Count).MinBy(i => Math.Abs(Values[i] - value));
        int scheme = Enumerable.Range(0, Scheme.All.Count).First(s => Scheme.All[s].Method == method);
        return Samples[point][scheme];
    }

    /// <summary>The first value from which on a scheme always succeeds, as text.</summary>
    public string SucceedsFrom(string method)
    {
        bool[] full = [.. Values.Select(v => At(v, method).Success >= 1)];
        int first = Array.FindLastIndex(full, f => !f) + 1;
        return first < full.Length ? FormattableString.Invariant($"{Values[first]:G3}") : "nowhere";
    }

    /// <summary>A cost and how it compares with another.</summary>
    public static string Number(double value) => double.IsFinite(value) ? FormattableString.Invariant($"{value:G3}") : "infeasible";

    /// <summary>How much less the first costs than the second, over all values where both are feasible.</summary>
    public string Saving(string method, string against)
    {
        double[] savings = [.. Values.Select(v => 1 - (At(v, method).Cost / At(v, against).Cost)).Where(double.IsFinite)];
        return savings.Length == 0 ? "never both feasible" : FormattableString.Invariant($"{100 * savings.Min():F0} to {100 * savings.Max():F0} %");
    }
}
