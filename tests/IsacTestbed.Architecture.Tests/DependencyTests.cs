using System.Reflection;
using System.Runtime.CompilerServices;

namespace IsacTestbed.Architecture.Tests;

/// <summary>Holds the arrows of docs/architecture.md: what each project may import, and what none may have.</summary>
public sealed class DependencyTests
{
    private const string Prefix = "IsacTestbed.";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Dsp"] = ["Core"],
        ["Planning"] = ["Core", "Learning"],
        ["Learning"] = ["Core"],
        ["Radio"] = ["Core"],
        ["Ether"] = ["Core", "Radio", "Dsp"],
        ["Soapy"] = ["Core", "Radio"],
        ["Uhd"] = ["Core", "Radio"],
        ["Rpc"] = [],
        ["Sidecar"] = ["Core", "Radio", "Rpc"],
        ["Lab"] = ["Core"],
        ["Control"] = ["Core", "Dsp", "Planning", "Learning", "Radio", "Rpc"],
        ["Cli"] = ["Core", "Dsp", "Planning", "Learning", "Radio", "Ether", "Rpc", "Sidecar", "Soapy", "Uhd", "Lab", "Control"],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["Planning"] = ["MathNet.Numerics"],
        ["Sidecar"] = ["Google.Protobuf"],
        ["Control"] = ["Google.Protobuf", "MathNet.Numerics"],
        ["Cli"] = ["OpenTelemetry", "OpenTelemetry.Api", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "Spectre.Console", "System.CommandLine", "YamlDotNet"],
    };

    private static readonly string[] Hosted = ["Rpc", "Sidecar"];

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Imports_OnlyWhatItsArrowsAllow(string project)
    {
        IEnumerable<string> found = Load(project).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..]);
        Assert.Empty(found.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_UsesPackages_OnlyWhereAllowed(string project)
    {
        IEnumerable<string> found = Load(project).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !name.StartsWith(Prefix, StringComparison.Ordinal) && !IsFramework(name));
        string[] allowed = [.. AllowedPackages.GetValueOrDefault(project, []), .. Hosted.Contains(project) ? found.Where(IsHosting) : []];
        Assert.Empty(found.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_GeneratedMessages_AreInternal(string project)
    {
        IEnumerable<Type> messages = Load(project).GetExportedTypes().Where(type => type.GetInterfaces().Any(i => i.FullName == "Google.Protobuf.IMessage"));
        Assert.Empty(messages);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_HasNo_StaticMutableState(string project)
    {
        const BindingFlags anyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        IEnumerable<string> mutable = Load(project).GetTypes()
            .Where(type => !IsGenerated(type))
            .SelectMany(type => type.GetFields(anyStatic))
            .Where(field => !field.IsInitOnly && !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute)) && !field.Name.Contains('<', StringComparison.Ordinal))
            .Select(field => $"{field.DeclaringType!.FullName}.{field.Name}");
        Assert.Empty(mutable);
    }

    [Fact]
    public void Map_Covers_EveryProjectUnderSrc()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "IsacTestbed.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The solution is not above the test's folder.");
        }

        IEnumerable<string> projects = Directory.GetDirectories(Path.Combine(root, "src")).Select(d => Path.GetFileName(d)[Prefix.Length..]);
        Assert.Equal(projects.Order(StringComparer.Ordinal), Allowed.Keys.Order(StringComparer.Ordinal));
    }

    private static Assembly Load(string project) => Assembly.Load(project == "Cli" ? "isac" : Prefix + project);

    private static bool IsFramework(string name) =>
        name is "mscorlib" or "netstandard"
        || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal)
        || (name.StartsWith("System.", StringComparison.Ordinal) && name != "System.CommandLine");

    private static bool IsHosting(string name) => name.StartsWith("Microsoft.", StringComparison.Ordinal);

    // The protobuf, regular-expression and JSON source generators keep caches of their own; they are not our code.
    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute))
        || type.Namespace?.StartsWith("IsacTestbed.Wire", StringComparison.Ordinal) == true
        || type.Namespace?.StartsWith("Grpc.", StringComparison.Ordinal) == true
        || type.Namespace?.StartsWith("Google.", StringComparison.Ordinal) == true
        || type.Namespace == "System.Text.RegularExpressions.Generated"
        || type.GetCustomAttributes().Any(a => a.GetType().Name == "GeneratedCodeAttribute")
        || type.BaseType?.FullName == "System.Text.Json.Serialization.JsonSerializerContext"
        || (type.DeclaringType is { } declaring && IsGenerated(declaring));
}
