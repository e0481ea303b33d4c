using System.Diagnostics;

namespace IsacTestbed.Cli.Tests.Profiles;

/// <summary>A test against the system's JSON schema validator for Python; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SchemaFactAttribute : FactAttribute
{
    private const string Interpreter = "/usr/bin/python3";

    private static readonly Lazy<string?> Missing = new(FindMissing);

    public SchemaFactAttribute()
    {
        Skip = Missing.Value;
    }

    /// <summary>Asks of each document, JSON on one line, whether it fits the schema of radio profiles.</summary>
    public static async Task<IReadOnlyList<bool>> FitAsync(IEnumerable<string> documents)
    {
        string folder = AppContext.BaseDirectory;
        using Process process = Start(
            Path.Combine(folder, "Profiles", "fits_schema.py"), Path.Combine(folder, "firmware-config", "schema", "radio.schema.json"));
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        foreach (string document in documents)
        {
            await process.StandardInput.WriteLineAsync(document);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l == "1")];
    }

    private static string? FindMissing()
    {
        if (!File.Exists(Interpreter))
        {
            return $"{Interpreter} is not installed.";
        }

        using Process process = Start("-c", "from jsonschema import Draft202012Validator");
        process.StandardInput.Close();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"The package python3-jsonschema is needed: {error.Trim().Split('\n')[^1]}";
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Interpreter, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
