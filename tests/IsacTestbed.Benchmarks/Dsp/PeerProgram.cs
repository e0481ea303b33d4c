using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace IsacTestbed.Benchmarks.Dsp;

/// <summary>Runs programs of other people to compare with; absent where their tools are not installed.</summary>
internal static class PeerProgram
{
    /// <summary>The folder with the peers' sources, or null outside a checkout.</summary>
    public static string? Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IsacTestbed.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "IsacTestbed.Benchmarks", "peers");
            }
        }

        return null;
    }

    /// <summary>Lines "name number" that a program prints, or null if it cannot be run.</summary>
    public static Dictionary<string, double>? Figures(string program, params string[] arguments)
    {
        string? output = Run(program, arguments);
        if (output is null)
        {
            return null;
        }

        Dictionary<string, double> figures = [];
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            figures[words[0]] = double.Parse(words[1], CultureInfo.InvariantCulture);
        }

        return figures;
    }

    /// <summary>What a program prints, or null if it is absent or fails.</summary>
    public static string? Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
