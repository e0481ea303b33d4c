namespace IsacTestbed.Cli.Doctor;

/// <summary>Checks one thing of a host.</summary>
internal interface IHostCheck
{
    /// <summary>Looks. What is wrong is a result and never an exception.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellationToken);
}
