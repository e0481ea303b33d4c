using System.Reflection;
using System.Runtime.InteropServices;

namespace IsacTestbed.Cli.Composition;

/// <summary>What this program was built from, for the record of a run.</summary>
internal static class BuildInfo
{
    /// <summary>Version of the program.</summary>
    public static string Version { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Git commit at build time, with "-dirty" after it when the checkout had changes; "unknown" outside a checkout.</summary>
    public static string Commit { get; } =
        typeof(BuildInfo).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "Commit")?.Value is { Length: > 0 } commit
            ? commit
            : "unknown";

    /// <summary>.NET runtime, operating system and processor.</summary>
    public static string Runtime { get; } =
        $"{RuntimeInformation.FrameworkDescription}; {RuntimeInformation.OSDescription}; {RuntimeInformation.ProcessArchitecture}; {Environment.ProcessorCount} processors";
}
