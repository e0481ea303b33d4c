using IsacTestbed.Core;
using IsacTestbed.Planning.VflBeamforming;
using IsacTestbed.Planning.VflBeamforming.Training;

namespace IsacTestbed.Planning.Tests.VflBeamforming;

public sealed class CheckpointTests : IDisposable
{
    private static readonly MultiCellScene Scene = new() { Cells = 2, Users = 1, Targets = 2, Antennas = 3 };
    private readonly string _folder = Directory.CreateTempSubdirectory("isac-checkpoint-").FullName;

    private string File => Path.Combine(_folder, "beams.model");

    [Theory]
    [InlineData("vfl", BeamDesignKind.Priced)]
    [InlineData("vfl", BeamDesignKind.Direct)]
    [InlineData("per-cell-dl", BeamDesignKind.Priced)]
    public void WriteRead_AnyPolicy_FormsTheSameBeamsToTheBit(string method, BeamDesignKind design)
    {
        BeamPolicy trained = Train(method, design);
        trained.Write(File);
        var read = BeamPolicy.Read(File);
        Assert.Equal((trained.Method, trained.Design, trained.Rho, trained.Shape), (read.Method, read.Design, read.Rho, read.Shape));
        VflBeamformingCase problem = (Scene with { Rho = 0.7 }).Draw(3);
        var planner = new VflBeamformingPlanner(TimeProvider.System);
        Assert.Equal(
            (planner.Run(problem, method, trained) with { SolveTime = TimeSpan.Zero }).ToJson(),
            (planner.Run(problem, method, read) with { SolveTime = TimeSpan.Zero }).ToJson());
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Run_WrongShapeOrMethod_IsRefusedAndNamed()
    {
        BeamPolicy policy = Train("vfl", BeamDesignKind.Priced);
        var planner = new VflBeamformingPlanner(TimeProvider.System);
        ConfigurationException shape = Assert.Throws<ConfigurationException>(() => planner.Run((Scene with { Antennas = 4 }).Draw(1), "vfl", policy));
        Assert.Contains("3 antennas", shape.Message, StringComparison.Ordinal);
        Assert.Contains("4 antennas", shape.Message, StringComparison.Ordinal);
        ConfigurationException method = Assert.Throws<ConfigurationException>(() => planner.Run(Scene.Draw(1), "per-cell-dl", policy));
        Assert.Contains("--model", method.Message, StringComparison.Ordinal);
        Assert.Contains("per-cell-dl", method.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RhoOutsideTraining_SaysSo()
    {
        BeamPolicy policy = BeamTraining.Run(Settings("vfl", BeamDesignKind.Priced) with { Rho = (0.4, 0.6) }).Policy;
        var planner = new VflBeamformingPlanner(TimeProvider.System);
        Assert.False(planner.Run((Scene with { Rho = 0.7 }).Draw(1), "vfl", policy).WithinTraining);
        Assert.True(planner.Run((Scene with { Rho = 0.5 }).Draw(1), "vfl", policy).WithinTraining);
    }

    [Theory]
    [InlineData("magic", "ISACBEAM")]
    [InlineData("truncated", "truncated")]
    [InlineData("longer", "longer than it says")]
    [InlineData("version", "version")]
    [InlineData("flipped", "checksum")]
    [InlineData("empty", "ISACBEAM")]
    [InlineData("missing", "cannot be read")]
    public void Read_DamagedFile_IsRefusedAndNamed(string damage, string wanted)
    {
        byte[] bytes = BeamCheckpoint.Encode(Train("vfl", BeamDesignKind.Priced));
        switch (damage)
        {
            case "magic": bytes[0] ^= 1; break;
            case "truncated": bytes = bytes[..^100]; break;
            case "longer": bytes = [.. bytes, 0, 0]; break;
            case "version": bytes[8] = 9; break;
            case "flipped": bytes[bytes.Length / 2] ^= 4; break;
            case "empty": bytes = []; break;
        }

        if (damage != "missing")
        {
            System.IO.File.WriteAllBytes(File, bytes);
        }

        ConfigurationException error = Assert.Throws<ConfigurationException>(() => BeamPolicy.Read(File));
        Assert.Contains(wanted, error.Message, StringComparison.Ordinal);
        Assert.Contains("--model", error.Message, StringComparison.Ordinal);
        Assert.Contains("beams.model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Folder_SaysWhatToName()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => BeamPolicy.Read(_folder));
        Assert.Contains($"{_folder} is a folder; name the checkpoint", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_EveryTruncation_IsRefused()
    {
        byte[] bytes = BeamCheckpoint.Encode(Train("vfl", BeamDesignKind.Priced));
        for (int length = 0; length < bytes.Length; length += 97)
        {
            Assert.Throws<InvalidDataException>(() => BeamCheckpoint.Decode(bytes[..length]));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static BeamTrainingSettings Settings(string method, BeamDesignKind design) =>
        new() { Method = method, Design = design, Scene = Scene, Samples = 64, Epochs = 1, BatchSize = 16, Hidden = [8] };

    private static BeamPolicy Train(string method, BeamDesignKind design) => BeamTraining.Run(Settings(method, design)).Policy;
}
