namespace IsacTestbed.Core;

/// <summary>Work that falls into parts that may run in any order and on any thread.</summary>
public interface IPartitionedWork
{
    /// <summary>Does one part.</summary>
    /// <param name="part">Which part.</param>
    /// <param name="worker">Who does it, below the team's size: no two parts run at once with the same number, so scratch can be kept by
    /// it.</param>
    void Execute(int part, int worker);
}
