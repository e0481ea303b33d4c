using IsacTestbed.Core;

namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>Trained networks of all base stations, to be run online: each forms its beams from its own channels alone.</summary>
/// <remarks>Thread safe: no two decisions use the same memory at a time. That of the last one is kept for the next.</remarks>
public sealed class BeamPolicy
{
    // Beyond this many deviations a feature was hardly ever seen in training.
    private const float FamiliarDeviations = 5;

    private readonly int[] _hidden;
    private readonly StationPolicy[] _stations;
    private BeamForwardPass? _idle;

    /// <summary>Collects trained networks; the weights are copied.</summary>
    internal BeamPolicy(BeamTrainingSettings settings, NetworkShape shape, IReadOnlyList<StationPolicy> stations)
        : this(settings.Method, settings.Design, shape, settings.Rho, [.. settings.Hidden], [.. stations.Select(s => s with { Weights = [.. s.Weights] })])
    {
    }

    /// <summary>Puts networks together.</summary>
    internal BeamPolicy(
        string method, BeamDesignKind design, NetworkShape shape, (double Minimum, double Maximum) rho, int[] hidden, StationPolicy[] stations)
    {
        Method = method;
        Design = design;
        Shape = shape;
        Rho = rho;
        _hidden = hidden;
        _stations = stations;
    }

    /// <summary>The method they were trained by: vfl or per-cell-dl.</summary>
    public string Method { get; }

    /// <summary>Their wiring.</summary>
    public BeamDesignKind Design { get; }

    /// <summary>Weights of the communication rate they were trained for.</summary>
    public (double Minimum, double Maximum) Rho { get; }

    /// <summary>Widths of the hidden layers.</summary>
    public IReadOnlyList<int> Hidden => _hidden;

    /// <summary>Parameters of one base station's network.</summary>
    public int ParametersPerStation => _stations[0].Weights.Length;

    /// <summary>Sizes of the networks they were trained for.</summary>
    internal NetworkShape Shape { get; }

    /// <summary>The networks.</summary>
    internal IReadOnlyList<StationPolicy> Stations => _stations;

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="file">Its path.</param>
    /// <exception cref="ConfigurationException">The file is missing, a folder, no checkpoint, or damaged.</exception>
    public static BeamPolicy Read(string file)
    {
        if (Directory.Exists(file))
        {
            throw new ConfigurationException("--model", string.Empty, $"{file} is a folder; name the checkpoint that isac train wrote");
        }

        try
        {
            return BeamCheckpoint.Decode(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException("--model", string.Empty, $"{file} cannot be read: {exception.Message}", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new ConfigurationException("--model", string.Empty, $"{file}: {exception.Message}", exception);
        }
    }

    /// <summary>Complains if the networks were trained otherwise or for other sizes.</summary>
    /// <param name="method">The method asked for.</param>
    /// <param name="cells">Cells, M.</param>
    /// <param name="users">Users per cell, K.</param>
    /// <param name="targets">Targets per cell, J.</param>
    /// <param name="antennas">Antennas of a base station, N_T.</param>
    /// <exception cref="ConfigurationException">They were.</exception>
    public void RequireFit(string method, int cells, int users, int targets, int antennas)
    {
        if (Method != method)
        {
            throw new ConfigurationException("--model", string.Empty, $"the checkpoint was trained for method {Method}; the method asked for is {method}");
        }

        var asked = new NetworkShape(cells, users, targets, antennas);
        if (Shape != asked)
        {
            throw new ConfigurationException("--model", string.Empty, $"the checkpoint was trained for {Shape}; the case has {asked}");
        }
    }

    /// <summary>Writes a checkpoint beside its final name and renames it, so that an interruption leaves the old file or the new one.</summary>
    /// <param name="file">Its path.</param>
    /// <exception cref="ConfigurationException">The file cannot be written.</exception>
    public void Write(string file)
    {
        try
        {
            if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            File.WriteAllBytes(file + ".new", BeamCheckpoint.Encode(this));
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException("--out", string.Empty, $"{file} cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Creates one network per base station, ready to run.</summary>
    internal BeamForwardPass Prepare() => new(this, _stations, _hidden);

    /// <summary>Forms the beams of a case.</summary>
    /// <param name="links">The links of each base station; each network gets its own only.</param>
    /// <param name="rho">Weight of the communication rate.</param>
    /// <returns>The beams, and whether the inputs resemble those of the training.</returns>
    internal (BeamSet Beams, bool WithinTraining) Decide(IReadOnlyList<StationLinks> links, double rho)
    {
        // Describing the layers takes longer than running small ones.
        BeamForwardPass pass = Interlocked.Exchange(ref _idle, null) ?? Prepare();
        var beams = new BeamSet(Shape);
        float largest = pass.Run(links, rho, beams);
        Interlocked.Exchange(ref _idle, pass)?.Dispose();
        return (beams, largest <= FamiliarDeviations && rho >= Rho.Minimum && rho <= Rho.Maximum);
    }
}
