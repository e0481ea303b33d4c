namespace IsacTestbed.Uhd;

/// <summary>Guards libuhd's table of open devices.</summary>
/// <remarks>
/// The C API keeps the devices of a process in one table that it locks when a device is opened or closed, but not when a call looks its
/// device up. So calls on one radio must not coincide with the opening of another: any number of calls at a time, or one change. Streaming
/// does not use the table.
/// </remarks>
internal static class UhdRegistry
{
    // One per process, as the table is.
    private static readonly ReaderWriterLockSlim Table = new(LockRecursionPolicy.SupportsRecursion);

    /// <summary>Begins a call that looks a device up; disposal ends it.</summary>
    public static Scope Use()
    {
        Table.EnterReadLock();
        return new Scope(isChange: false);
    }

    /// <summary>Begins opening or closing a device; disposal ends it.</summary>
    public static Scope Change()
    {
        Table.EnterWriteLock();
        return new Scope(isChange: true);
    }

    /// <summary>One call.</summary>
    public readonly ref struct Scope(bool isChange)
    {
        /// <summary>Ends the call.</summary>
        public void Dispose()
        {
            if (isChange)
            {
                Table.ExitWriteLock();
            }
            else
            {
                Table.ExitReadLock();
            }
        }
    }
}
