using System.Text.Json.Serialization;

namespace IsacTestbed.Cli.Doctor;

/// <summary>How a check ended.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok = 0,

    /// <summary>There is nothing here to check, or no way to.</summary>
    [JsonStringEnumMemberName("not applicable")]
    NotApplicable = 1,

    /// <summary>It will do, but not at full rate or not always.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning = 2,

    /// <summary>It will not do.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed = 3,
}

/// <summary>What a check found.</summary>
/// <param name="Check">What was checked.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Found">What was found.</param>
/// <param name="Remedy">What to do; empty when nothing.</param>
internal sealed record CheckResult(string Check, CheckStatus Status, string Found, string Remedy)
{
    /// <summary>All is well.</summary>
    public static CheckResult Ok(string check, string found) => new(check, CheckStatus.Ok, found, string.Empty);

    /// <summary>Nothing to check.</summary>
    public static CheckResult NotApplicable(string check, string found, string remedy = "") => new(check, CheckStatus.NotApplicable, found, remedy);

    /// <summary>It will do.</summary>
    public static CheckResult Warning(string check, string found, string remedy) => new(check, CheckStatus.Warning, found, remedy);

    /// <summary>It will not do.</summary>
    public static CheckResult Failed(string check, string found, string remedy) => new(check, CheckStatus.Failed, found, remedy);
}

/// <summary>All that was found.</summary>
/// <param name="Version">Version of IsacTestbed.</param>
/// <param name="Runtime">Runtime, operating system and processor.</param>
/// <param name="Checks">The checks, in order.</param>
internal sealed record DoctorReport(string Version, string Runtime, IReadOnlyList<CheckResult> Checks)
{
    /// <summary>Whether nothing failed.</summary>
    public bool Healthy => Checks.All(c => c.Status != CheckStatus.Failed);
}

/// <summary>JSON of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
