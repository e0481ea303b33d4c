namespace IsacTestbed.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>A defect of this program, or of the machine it runs on, such as a full disk behind standard output.</summary>
    public const int InternalError = 1;

    /// <summary>A check of isac doctor failed; its report says which.</summary>
    public const int CheckFailed = 1;

    /// <summary>A file, key, value or argument is wrong; standard error says which.</summary>
    public const int InvalidInput = 2;

    /// <summary>The case is valid, but no plan satisfies it.</summary>
    public const int Infeasible = 3;

    /// <summary>A radio, an instrument, or the way to it failed.</summary>
    public const int RadioFault = 4;

    /// <summary>Stopped by Ctrl-C or a termination signal, as shells count it.</summary>
    public const int Interrupted = 130;
}
