using IsacTestbed.Core;
using IsacTestbed.Learning.Data;

namespace IsacTestbed.Control.Learning;

/// <summary>Finds the files of a stored data set.</summary>
public static class StoredDataFiles
{
    private const int Classes = 10;

    /// <summary>Loads the data set that a scenario names and divides it among the devices.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="folder">Folder of data sets, one folder each.</param>
    /// <exception cref="ConfigurationException">The files are missing or damaged.</exception>
    public static StoredData Load(Scenario scenario, string folder)
    {
        (LabelledSamples training, LabelledSamples test) = Read(scenario.Learning.Data, folder);
        return new StoredData(scenario, training, test);
    }

    /// <summary>Reads a data set.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="folder">Folder of data sets, one folder each.</param>
    /// <exception cref="ConfigurationException">The files are missing or damaged.</exception>
    public static (LabelledSamples Training, LabelledSamples Test) Read(DataKind kind, string folder)
    {
        string name = FolderName(kind);
        return (ReadPart("train"), ReadPart("t10k"));

        LabelledSamples ReadPart(string part) =>
            IdxFile.ReadImages(Find(Path.Combine(folder, name), $"{part}-images-idx3-ubyte", name), Find(Path.Combine(folder, name), $"{part}-labels-idx1-ubyte", name), Classes);
    }

    /// <summary>Name of a data set's folder, and of the data set on the command line.</summary>
    public static string FolderName(DataKind kind) =>
        kind switch
        {
            DataKind.Mnist => "mnist",
            DataKind.FashionMnist => "fashion-mnist",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only MNIST and Fashion-MNIST are stored data sets."),
        };

    private static string Find(string folder, string file, string name)
    {
        string plain = Path.Combine(folder, file), packed = plain + ".gz";
        return File.Exists(plain) ? plain
            : File.Exists(packed) ? packed
            : throw new ConfigurationException(plain, string.Empty, $"the file is missing, plain or as .gz; fetch it with isac data get {name}, or name its folder with --data");
    }
}
