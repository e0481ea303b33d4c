using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace IsacTestbed.Rpc;

/// <summary>Makes the pools of the server's pipes.</summary>
internal sealed class TransferBlocksFactory : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new TransferBlocks();
}

/// <summary>
/// Pinned blocks of 64 KiB for the pipes between a handler and its socket, where the framework's own have 4 KiB: a message of 256 KiB passes two
/// pipes and one system call in four pieces and not in 64. Thread safe.
/// </summary>
internal sealed class TransferBlocks : MemoryPool<byte>
{
    /// <summary>Length of each block in bytes.</summary>
    public const int BlockBytes = 64 << 10;

    /// <summary>Blocks that wait to be used again; what comes back beyond them is left to the collector.</summary>
    private const int MostKept = 256;

    private readonly ConcurrentQueue<Block> _free = new();
    private int _kept;
    private volatile bool _disposed;

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (_free.TryDequeue(out Block? block))
        {
            Interlocked.Decrement(ref _kept);
            block.IsRented = true;
            return block;
        }

        return new Block(this);
    }

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        _free.Clear();
    }

    private void Return(Block block)
    {
        if (_disposed || Interlocked.Increment(ref _kept) > MostKept)
        {
            Interlocked.Decrement(ref _kept);
            return;
        }

        _free.Enqueue(block);
    }

    private sealed class Block(TransferBlocks pool) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
        private int _isRented = 1;

        public bool IsRented
        {
            set => Volatile.Write(ref _isRented, value ? 1 : 0);
        }

        public Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(_bytes, 0, BlockBytes);

        public void Dispose()
        {
            // Twice disposed must not be twice in the pool.
            if (Interlocked.Exchange(ref _isRented, 0) == 1)
            {
                pool.Return(this);
            }
        }
    }
}
