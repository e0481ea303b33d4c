using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>What a user's points below a cost can send, against points on a grid.</summary>
public sealed class UserBoundTests
{
    [Fact]
    public void MostPower_PointsBelowAValue_SendNoMore()
    {
        int below = 0, limited = 0;
        double nearest = 0;
        for (ulong seed = 0; seed < 120; seed++)
        {
            IsccCase problem = RandomCases.Draw(seed);
            var network = Network.Shared(problem);
            var floor = SensingFloor.Of(network);
            if (floor.Reasons.Count > 0)
            {
                continue;
            }

            // The user uploads at a hundredth of its largest rate at least: a silent one may send what it likes.
            var random = new CounterRandom(seed, RandomPurpose.Test, 43);
            OffloadTask task = network.Tasks[0];
            var limit = new UplinkLimit(network, floor, 0);
            double high = limit.Efficiency, low = 0.01 * high, bandwidth = network.Bandwidth[0], price = random.UniformAt(0) * task.LocalWeight / problem.ApCyclesPerSecond;
            var user = new UserBound(task, limit, bandwidth, low, high);
            if (!user.CanUpload || task.Lowest > task.Highest)
            {
                continue;
            }

            double loadPrice = 0.1 * random.UniformAt(1) * task.LocalWeight;
            (double least, PriorityQueue<(double Low, double High), double>? cells) =
                user.Divide(price, loadPrice, 1e-3 * task.LocalWeight, 100, user.Search(price, loadPrice).Value, CancellationToken.None);
            double allowed = (1 + (0.2 * random.UniformAt(2))) * least;
            double most = user.MostPower(cells, price, loadPrice, allowed, problem.MaxPowerWatts);
            limited += most < 0.99 * problem.MaxPowerWatts ? 1 : 0;
            for (int i = 0; i <= 200; i++)
            {
                double efficiency = user.LeastEfficiency + ((user.MostEfficiency - user.LeastEfficiency) * i / 200), q = task.Bits / (bandwidth * efficiency);
                for (int j = 0; j <= 50 && task.HighestAt(q) >= task.Lowest; j++)
                {
                    double needed = limit.LeastPower(efficiency), power = Math.Min(problem.MaxPowerWatts, needed + ((problem.MaxPowerWatts - needed) * j / 50));
                    double share = task.Minimise(task.Lowest, task.HighestAt(q), q, power * q, price);
                    double value = task.Cost(share, q, power * q) + (price * task.RemoteClock(share, q)) + (loadPrice * (1 - Math.Pow(2, -efficiency)));
                    if (value < allowed)
                    {
                        below++;
                        nearest = Math.Max(nearest, most < 0.99 * problem.MaxPowerWatts ? power / most : 0);
                        Assert.True(power <= most * (1 + 1e-9), $"seed {seed}: {power} above {most}");
                    }
                }
            }
        }

        Assert.True(below > 1000 && limited > 5 && nearest > 0.8, $"{below} points, {limited} limits, nearest {nearest}");
    }
}
