using IsacTestbed.Core;

namespace IsacTestbed.Learning.Tests;

/// <summary>Inputs drawn from the stream of tests.</summary>
internal static class TestValues
{
    public static float[] Normal(int length, uint stream, double deviation = 1)
    {
        var random = new CounterRandom(2026, RandomPurpose.Test, stream);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)(deviation * random.NormalPairAt((ulong)i).First);
        }

        return values;
    }

    public static int[] Integers(int length, uint stream, int exclusiveMaximum)
    {
        var random = new CounterRandom(2026, RandomPurpose.Test, stream);
        int[] values = new int[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = random.IntegerAt((ulong)i, exclusiveMaximum);
        }

        return values;
    }
}
