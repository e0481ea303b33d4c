namespace IsacTestbed.Core.Tests.Concurrency;

public sealed class WorkTeamTests
{
    [Fact]
    public void Run_ManyJobsOfAllSizes_DoesEachPartOnce()
    {
        using var team = new WorkTeam(4);
        for (int job = 0; job < 3000; job++)
        {
            var work = new CountingWork(job % 23);
            team.Run(work, work.Counts.Length);
            Assert.All(work.Counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Run_WhenAPartThrows_FinishesTheOthersAndThrowsIt()
    {
        using var team = new WorkTeam(3);
        var work = new CountingWork(16) { Failing = 5 };
        Assert.Equal("part 5", Assert.Throws<InvalidOperationException>(() => team.Run(work, 16)).Message);
        Assert.All(work.Counts, count => Assert.Equal(1, count));

        var next = new CountingWork(16);
        team.Run(next, 16);
        Assert.All(next.Counts, count => Assert.Equal(1, count));
    }

    private sealed class CountingWork(int parts) : IPartitionedWork
    {
        public int[] Counts { get; } = new int[parts];

        public int Failing { get; init; } = -1;

        public void Execute(int part, int worker)
        {
            Interlocked.Increment(ref Counts[part]);
            if (part == Failing)
            {
                throw new InvalidOperationException($"part {part}");
            }
        }
    }
}
