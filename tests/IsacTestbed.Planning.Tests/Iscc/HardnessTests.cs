using System.Numerics;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>The case that docs/planners/iscc-hardness.md makes of a graph: the plan of a colouring is feasible exactly if no edge joins two of one colour.</summary>
public sealed class HardnessTests
{
    private const int Colours = 3;
    private const int SquaredLength = 16;
    private const double Eta = 1e-3;

    // g, g', the copy that chooses, three more that make it choose, and one per edge of a triangle and colour.
    private const int UsersPerVertex = 2 + 4 + (2 * Colours);

    [Theory]
    [InlineData(0, 1, 2, true)]
    [InlineData(2, 0, 1, true)]
    [InlineData(0, 1, 1, false)]
    [InlineData(2, 2, 2, false)]
    public void Case_OfATriangle_IsFeasibleWithItsColours(int first, int second, int third, bool proper)
    {
        int[] colours = [first, second, third];
        (IsccCase problem, Complex[][] columns) = Triangle();
        var check = PlanCheck.Of(problem, Plan(problem, columns, colours));
        Assert.Equal(proper, check.Violations.Count == 0);
        Assert.All(check.Users, u => Assert.InRange(u.CommunicationSinr, 0, 1 + 1e-9));
        if (proper)
        {
            Assert.All(check.Users, u => Assert.Equal(1, u.CommunicationSinr, 1e-9));
        }
    }

    private static int User(int vertex, int place) => (vertex * UsersPerVertex) + place;

    // Power 2, of which sensing takes 1, and noise such that the longest beam arrives with an SINR of 1.
    private static (IsccCase Problem, Complex[][] Columns) Triangle()
    {
        int users = 3 * UsersPerVertex;
        var entries = new Dictionary<(int User, int Colour), List<int>>();
        for (int k = 0; k < users; k++)
        {
            for (int c = 0; c < Colours; c++)
            {
                entries[(k, c)] = [];
            }
        }

        int antennas = 0;
        void Product(int left, int i, int right, int j)
        {
            entries[(left, i)].Add(antennas);
            entries[(right, j)].Add(antennas++);
        }

        void Orthogonal(int left, int right)
        {
            for (int c = 0; c < Colours; c++)
            {
                Product(left, c, right, c);
            }
        }

        for (int v = 0; v < 3; v++)
        {
            Orthogonal(User(v, 0), User(v, 1));
            for (int copy = 2; copy < UsersPerVertex; copy++)
            {
                Orthogonal(User(v, copy), User(v, 0));
                Orthogonal(User(v, copy), User(v, 1));
            }

            Product(User(v, 2), 0, User(v, 3), 1);
            Product(User(v, 2), 0, User(v, 4), 2);
            Product(User(v, 2), 1, User(v, 5), 2);
            for (int c = 0; c < Colours; c++)
            {
                // The edge to the next vertex, from its first set of copies to the other's second.
                Product(User(v, 6 + c), c, User((v + 1) % 3, 6 + Colours + c), c);
            }
        }

        // One more antenna per column, with what is missing; the proof's four whole numbers make the same length.
        int own = antennas;
        antennas += users * Colours;
        var columns = new Complex[users * Colours][];
        for (int k = 0; k < users; k++)
        {
            for (int c = 0; c < Colours; c++)
            {
                var column = columns[(k * Colours) + c] = new Complex[antennas];
                entries[(k, c)].ForEach(a => column[a] = 1);
                column[own + (k * Colours) + c] = Math.Sqrt(SquaredLength - entries[(k, c)].Count);
            }
        }

        var user = new IsccUser(1e6 * (1 - Eta), 1, 1000, 1, 1e-28, 1e-28, 1);
        double work = user.TaskBits * user.CyclesPerBit;
        return (
            new IsccCase(
                1e6,
                2,
                SquaredLength,
                1,
                1,
                2 * users * work / Eta,
                [.. Enumerable.Repeat(user, users)],
                [.. Enumerable.Range(0, users).Select(k => ComplexMatrix.Create(antennas, 4, (a, c) => c < Colours ? columns[(k * Colours) + c][a] : 0))],
                [.. Enumerable.Range(0, users).Select(k => ComplexMatrix.Create(users, 4, (a, c) => a == k && c == Colours ? 1 : 0))]),
            columns);
    }

    // Copies along the axis of their vertex's colour, g and g' along the others; combiners along what arrives, the best ones if all are orthogonal.
    private static IsccPlan Plan(IsccCase problem, Complex[][] columns, int[] colours)
    {
        int users = problem.Users.Count;
        int[] axis = [.. Enumerable.Range(0, users).Select(k => (k % UsersPerVertex) switch
        {
            0 => (colours[k / UsersPerVertex] + 1) % Colours,
            1 => (colours[k / UsersPerVertex] + 2) % Colours,
            _ => colours[k / UsersPerVertex],
        })];
        return new IsccPlan(
            [.. Enumerable.Repeat(1.0, users)],
            [.. axis.Select(c => Unit(4, c))],
            [.. Enumerable.Repeat(Unit(4, Colours), users)],
            [.. axis.Select((c, k) => columns[(k * Colours) + c].Select(z => z / Math.Sqrt(SquaredLength)).ToArray())],
            [.. Enumerable.Range(0, users).Select(k => Unit(users, k))],
            [.. Enumerable.Repeat(0.0, users)],
            [.. Enumerable.Repeat(problem.ApCyclesPerSecond / users, users)],
            [.. Enumerable.Repeat(problem.BandwidthHz, users)],
            false);
    }

    private static Complex[] Unit(int length, int index) => [.. Enumerable.Range(0, length).Select(i => i == index ? Complex.One : Complex.Zero)];
}
