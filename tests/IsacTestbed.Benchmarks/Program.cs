using IsacTestbed.Benchmarks;
using IsacTestbed.Benchmarks.Dsp;
using IsacTestbed.Benchmarks.Ether;
using IsacTestbed.Benchmarks.Learning;
using IsacTestbed.Benchmarks.Modem;
using IsacTestbed.Benchmarks.Planning;
using IsacTestbed.Benchmarks.Rpc;
using IsacTestbed.Benchmarks.Soapy;

// HttpClient reads a stream in blocks of 16 KiB of which it holds more than the shared pool keeps by default; without room for them each
// message costs some 60 KB of garbage. The pool reads this once, when it is first used.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION", "256");

const int Succeeded = 0;
const int Failed = 1;
const int WrongUse = 2;

(string Name, string Summary, Action<TextWriter> Run)[] benches =
[
    ("radar", "range-Doppler map and accumulate-then-filter against FFTW in C and SciPy", RadarBench.Run),
    ("modem", "soft Viterbi, modulator and receiver; packet error curves beside the textbook's", ModemBench.Run),
    ("plan", "solving times of the isac-fl planner and how they grow", PlanBench.Run),
    ("iscc", "solving times of the iscc planner and how they grow", IsccBench.Run),
    ("iscc-gaps", "gaps of iscc refined to its bound over random cases of every kind", IsccGapBench.Run),
    ("ota-feel", "solving times of the ota-feel planner, their growth, gaps", OtaFeelBench.Run),
    ("vfl", "solving times of the vfl-beamforming planner, their growth, forward passes and training", VflBench.Run),
    ("ether", "emulated air against real time", EtherBench.Run),
    ("stream", "capture stream over gRPC between two processes", StreamBench.Run),
    ("learning", "a round of federated averaging against PyTorch", LearningBench.Run),
    ("soapy", "rates through libSoapySDR and its remote module, against SoapySDRUtil and in real time", SoapyBench.Run),
    ("soapy-soak", "ten minutes both ways in real time: losses and memory; only when named", SoapyBench.Soak),
];

if (args is [StreamBench.ServeVerb])
{
    await StreamBench.ServeAsync(Console.In, Console.Out);
    return Succeeded;
}

if (args is [SoapyBench.ServeVerb, var rate, var clock])
{
    await SoapyBench.ServeAsync(rate, clock == "lockstep", Console.In, Console.Out);
    return Succeeded;
}

if (args is ["-h" or "--help" or "help"])
{
    WriteHelp(Console.Out);
    return Succeeded;
}

if (args is ["list"])
{
    foreach ((string name, string summary, _) in benches)
    {
        Console.WriteLine($"{name,-12}{summary}");
    }

    return Succeeded;
}

if (args.Length == 0 || args.FirstOrDefault(a => a != "all" && benches.All(b => b.Name != a)) is { } unknown && Complain(unknown))
{
    WriteHelp(Console.Error);
    return WrongUse;
}

Console.WriteLine(Machine.Describe());
int code = Succeeded;
foreach ((string name, _, Action<TextWriter> run) in benches.Where(b => (args.Contains("all") && b.Run != SoapyBench.Soak) || args.Contains(b.Name)))
{
    Console.WriteLine();
    Console.WriteLine($"== {name}");
    try
    {
        run(Console.Out);
    }
    catch (Exception exception) when (exception is not OutOfMemoryException)
    {
        // One bench that cannot run must not hide the figures of the others.
        await Console.Error.WriteLineAsync($"bench {name} failed: {exception}");
        code = Failed;
    }
}

return code;

static bool Complain(string name)
{
    Console.Error.WriteLine($"There is no bench '{name}'.");
    return true;
}

void WriteHelp(TextWriter output)
{
    output.WriteLine("Measures the kernels and streams of the testbed, each beside its target or a peer measured in the same run.");
    output.WriteLine();
    output.WriteLine("usage: dotnet run -c Release --project tests/IsacTestbed.Benchmarks -- list | all | BENCH...");
    output.WriteLine();
    foreach ((string name, string summary, _) in benches)
    {
        output.WriteLine($"  {name,-12}{summary}");
    }

    output.WriteLine();
    output.WriteLine("exit codes: 0 all ran, 1 a bench failed, 2 wrong arguments");
}
