using System.Buffers;

namespace IsacTestbed.Rpc.Tests;

public sealed class TransferBlocksTests
{
    [Fact]
    public void Rent_AfterABlockWasDisposedTwice_GivesItOutOnce()
    {
        using var pool = new TransferBlocks();
        IMemoryOwner<byte> block = pool.Rent(1);
        block.Dispose();
        block.Dispose();

        using IMemoryOwner<byte> first = pool.Rent(TransferBlocks.BlockBytes), second = pool.Rent();

        Assert.Same(block, first);
        Assert.NotSame(first, second);
        Assert.Equal(TransferBlocks.BlockBytes, second.Memory.Length);
    }

    [Fact]
    public void Rent_MoreThanABlock_Throws()
    {
        using var pool = new TransferBlocks();

        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(pool.MaxBufferSize + 1));
    }
}
