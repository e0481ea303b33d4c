namespace IsacTestbed.EndToEnd.Tests;

/// <summary>One uninterrupted run of the small scenario, made once, that interrupted and other runs are compared with.</summary>
public sealed class ReferenceRun : IAsyncLifetime, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    /// <summary>Its folder.</summary>
    public string Folder => _scratch["run"];

    /// <summary>How it ended.</summary>
    internal IsacResult Result { get; private set; } = new(-1, string.Empty, string.Empty);

    public async Task InitializeAsync()
    {
        Result = await IsacProcess.RunAsync(RunFiles.RunArguments(ScratchFolder.SmallScenario, Folder));
        Assert.True(Result.ExitCode == 0, Result.Error);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _scratch.Dispose();
}

/// <summary>Tests that share the reference run, and run one after the other so that they do not starve each other of cores.</summary>
[CollectionDefinition(Name)]
public sealed class ReferenceRunCollection : ICollectionFixture<ReferenceRun>
{
    public const string Name = "reference run";
}
