using IsacTestbed.Core;
using IsacTestbed.Dsp.Modem;

namespace IsacTestbed.Dsp.Tests.Modem;

public sealed class MessageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(10_000)]
    public void Assembler_AnyOrderWithDuplicates_GivesTheMessage(int length)
    {
        byte[] message = TestLink.RandomBytes(1, length);
        var fragmenter = new MessageFragmenter(100);
        var assembler = new MessageAssembler(5, 100, 20_000);
        var order = new int[fragmenter.FragmentCount(length)];
        new CounterRandom(1, RandomPurpose.Test).Permute(0, order);
        Assert.False(assembler.IsComplete);
        Assert.Throws<InvalidOperationException>(() => assembler.Message);
        foreach (int fragment in order)
        {
            var payload = new byte[fragmenter.FragmentLength(length, fragment)];
            fragmenter.WriteFragment(message, fragment, payload);
            Assert.Equal(FragmentOutcome.OtherStream, assembler.Accept((uint)fragment, 6, payload));
            Assert.False(assembler.IsComplete);
            Assert.Equal(FragmentOutcome.Accepted, assembler.Accept((uint)fragment, 5, payload));
            Assert.Equal(FragmentOutcome.Duplicate, assembler.Accept((uint)fragment, 5, payload));
        }

        Assert.True(assembler.IsComplete);
        Assert.Equal(message, assembler.Message.ToArray());
        Assert.Empty(assembler.Missing());
    }

    [Fact]
    public void Assembler_LostFragments_AreNamed()
    {
        byte[] message = TestLink.RandomBytes(1, 960);
        var fragmenter = new MessageFragmenter(100);
        var assembler = new MessageAssembler(5, 100, 960);
        Assert.Equal((0, 0), (assembler.FragmentCount, assembler.Missing().Count()));
        for (int fragment = 0; fragment < 10; fragment++)
        {
            if (fragment is 3 or 9)
            {
                continue;
            }

            var payload = new byte[fragmenter.FragmentLength(960, fragment)];
            fragmenter.WriteFragment(message, fragment, payload);
            assembler.Accept((uint)fragment, 5, payload);
        }

        Assert.Equal([3u, 9u], assembler.Missing());
        Assert.Throws<InvalidOperationException>(() => assembler.Message);
    }

    [Fact]
    public void Assembler_PayloadsThatDoNotFit_AreMalformedAndChangeNothing()
    {
        byte[] message = TestLink.RandomBytes(1, 150);
        var fragmenter = new MessageFragmenter(100);
        var assembler = new MessageAssembler(5, 100, 200);
        var first = new byte[100];
        fragmenter.WriteFragment(message, 0, first);
        Assert.Equal(FragmentOutcome.Malformed, assembler.Accept(0, 5, [1, 2, 3]));
        Assert.Equal(FragmentOutcome.Malformed, assembler.Accept(0, 5, [0xFF, 0xFF, 0xFF, 0xFF, 1]));
        Assert.Equal(FragmentOutcome.Malformed, assembler.Accept(0, 5, first.AsSpan(0, 99)));
        Assert.Equal(FragmentOutcome.Malformed, assembler.Accept(2, 5, first));
        Assert.Equal(FragmentOutcome.Malformed, assembler.Accept(uint.MaxValue, 5, first));
        Assert.Equal(FragmentOutcome.Accepted, assembler.Accept(0, 5, first));
        first[3]++;
        Assert.Equal(FragmentOutcome.Malformed, assembler.Accept(1, 5, first.AsSpan(0, 59)));
        Assert.Equal([1u], assembler.Missing());
    }
}
