using Microsoft.Extensions.Hosting;

namespace IsacTestbed.Rpc;

/// <summary>A host that lives as long as its owner wants, whatever signals the process gets.</summary>
internal sealed class OwnedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
