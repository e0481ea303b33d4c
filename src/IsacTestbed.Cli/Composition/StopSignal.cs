namespace IsacTestbed.Cli.Composition;

/// <summary>What ends a command that serves: a signal, or the end of its standard input.</summary>
internal static class StopSignal
{
    /// <summary>Waits until the command is to stop; the end is not an error.</summary>
    /// <param name="untilInputCloses">Whether the end of standard input stops it too.</param>
    /// <param name="cancellationToken">The signal.</param>
    public static async Task WaitAsync(bool untilInputCloses, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (untilInputCloses)
        {
            _ = StopWithInputAsync(stop);
        }

        var stopped = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = stop.Token.Register(stopped.SetResult);
        await stopped.Task;
    }

    private static async Task StopWithInputAsync(CancellationTokenSource stop)
    {
        byte[] ignored = new byte[64];
        await using Stream input = Console.OpenStandardInput();
        while (await input.ReadAsync(ignored, CancellationToken.None) > 0)
        {
        }

        await stop.CancelAsync();
    }
}
