using IsacTestbed.Learning.Federated;

namespace IsacTestbed.Learning.Tests.Federated;

public sealed class UpdateCodecTests
{
    private static readonly float[] Broadcast = TestValues.Normal(1000, 200);

    [Fact]
    public void Exact_RoundTrip_KeepsEveryBit()
    {
        var update = new DeviceUpdate(12, 3, 456, TestValues.Normal(1000, 201));
        byte[] message = UpdateCodec.Encode(update, Broadcast, UpdateEncoding.Exact, 1);
        DeviceUpdate decoded = UpdateCodec.Decode(message, Broadcast);
        Assert.Equal((12, 3, 456), (decoded.Round, decoded.Device, decoded.SampleCount));
        Assert.True(update.Weights.Span.SequenceEqual(decoded.Weights.Span));
        Assert.Equal(UpdateCodec.EncodedLength(1000, UpdateEncoding.Exact), message.Length);
    }

    [Fact]
    public void Quantised_RoundTrip_ErrsByLessThanOneStepOfItsChunk()
    {
        DeviceUpdate update = Update(12, 3);
        byte[] message = UpdateCodec.Encode(update, Broadcast, UpdateEncoding.Quantised, 1);
        Assert.Equal(24 + 1000 + (4 * 4), message.Length);
        Assert.Equal(message.Length, UpdateCodec.EncodedLength(1000, UpdateEncoding.Quantised));
        DeviceUpdate decoded = UpdateCodec.Decode(message, Broadcast);
        Assert.Equal((12, 3, 456), (decoded.Round, decoded.Device, decoded.SampleCount));
        for (int start = 0; start < 1000; start += UpdateCodec.ChunkLength)
        {
            int[] chunk = [.. Enumerable.Range(start, Math.Min(UpdateCodec.ChunkLength, 1000 - start))];
            double step = chunk.Max(i => Math.Abs(update.Weights.Span[i] - Broadcast[i])) / 127;

            // Adding the difference to the broadcast weight rounds once more, to 2^-24 of it.
            Assert.All(chunk, i => Assert.Equal(update.Weights.Span[i], decoded.Weights.Span[i], step + 5e-7));
        }
    }

    [Fact]
    public void Quantised_OverManyRounds_IsUnbiased()
    {
        const int Rounds = 2000;
        float[] broadcast = new float[300], values = TestValues.Normal(300, 202);
        double[] sums = new double[300];
        for (int round = 0; round < Rounds; round++)
        {
            byte[] message = UpdateCodec.Encode(new DeviceUpdate(round, 1, 1, values), broadcast, UpdateEncoding.Quantised, 7);
            ReadOnlySpan<float> decoded = UpdateCodec.Decode(message, broadcast).Weights.Span;
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += decoded[i];
            }
        }

        // Rounding between two steps deviates by at most half a step; five deviations of the mean. The mean over all values is tighter
        // still.
        double step = values.Max(MathF.Abs) / 127, total = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            double error = (sums[i] / Rounds) - values[i];
            total += error;
            Assert.Equal(0, error, 5 * 0.5 * step / Math.Sqrt(Rounds));
        }

        Assert.Equal(0, total / sums.Length, 5 * 0.5 * step / Math.Sqrt(Rounds * (double)sums.Length));
    }

    [Fact]
    public void Rounding_OfDevicesAndRounds_IsIndependentAndReproducible()
    {
        byte[] Body(int round, int device) => UpdateCodec.Encode(Update(round, device), Broadcast, UpdateEncoding.Quantised, 7)[24..];
        Assert.Equal(Body(5, 1), Body(5, 1));
        foreach (byte[] other in new[] { Body(5, 2), Body(6, 1) })
        {
            // Two roundings of one value differ with probability 2 f (1 - f), a third on average over f: 333 of 1000, deviation 15.
            int different = Body(5, 1).Zip(other).Count(pair => pair.First != pair.Second);
            Assert.InRange(different, 333 - 75, 333 + 75);
        }
    }

    [Fact]
    public void Quantised_DifferenceOfZero_GivesTheBroadcastExactly()
    {
        var update = new DeviceUpdate(0, 0, 1, Broadcast);
        byte[] message = UpdateCodec.Encode(update, Broadcast, UpdateEncoding.Quantised, 1);
        Assert.True(UpdateCodec.Decode(message, Broadcast).Weights.Span.SequenceEqual(Broadcast));
    }

    [Theory]
    [InlineData(1e-44f)]
    [InlineData(1e38f)]
    public void Quantised_ExtremeDifferences_KeepSignAndSize(float size)
    {
        float[] values = [size, -size, size / 2, 0];
        byte[] message = UpdateCodec.Encode(new DeviceUpdate(0, 0, 1, values), new float[4], UpdateEncoding.Quantised, 1);
        float[] decoded = UpdateCodec.Decode(message, new float[4]).Weights.ToArray();
        double step = Math.Max(size / 127, float.Epsilon);
        Assert.All(values.Zip(decoded), pair => Assert.InRange(pair.Second, pair.First - (1.01 * step), pair.First + (1.01 * step)));
    }

    [Fact]
    public void Message_Malformed_IsRefusedWithTheReason()
    {
        byte[] message = UpdateCodec.Encode(Update(12, 3), Broadcast, UpdateEncoding.Quantised, 1);
        string Refusal(byte[] bytes) => Assert.Throws<InvalidDataException>(() => UpdateCodec.Decode(bytes, Broadcast)).Message;
        byte[] With(int position, byte value)
        {
            byte[] copy = [.. message];
            copy[position] = value;
            return copy;
        }

        for (int length = 0; length < message.Length; length += 13)
        {
            Refusal(message[..length]);
        }

        Assert.Contains("header", Refusal(With(0, 0)), StringComparison.Ordinal);
        Assert.Contains("version 9", Refusal(With(2, 9)), StringComparison.Ordinal);
        Assert.Contains("encoding 7", Refusal(With(3, 7)), StringComparison.Ordinal);
        Assert.Contains("round", Refusal(With(7, 0x80)), StringComparison.Ordinal);
        Assert.Contains("weights", Refusal(With(17, 0)), StringComparison.Ordinal);
        Assert.Contains("chunks", Refusal(With(21, 2)), StringComparison.Ordinal);
        Assert.Contains("bytes", Refusal([.. message, 0]), StringComparison.Ordinal);
        Assert.Contains("NaN", Refusal([.. message[..26], 0xFF, 0x7F, .. message[28..]]), StringComparison.Ordinal);
    }

    [Fact]
    public void Update_NotFiniteOrOfWrongLength_IsRefused()
    {
        float[] weights = [.. Broadcast];
        weights[500] = float.NaN;
        Assert.Throws<ArgumentException>(() => UpdateCodec.Encode(new DeviceUpdate(0, 0, 1, weights), Broadcast, UpdateEncoding.Quantised, 1));
        Assert.Throws<ArgumentException>(() => UpdateCodec.Encode(new DeviceUpdate(0, 0, 1, weights), Broadcast, UpdateEncoding.Exact, 1));
        Assert.Throws<ArgumentException>(() => UpdateCodec.Encode(Update(0, 0), Broadcast.AsSpan(1), UpdateEncoding.Exact, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => UpdateCodec.Encode(Update(-1, 0), Broadcast, UpdateEncoding.Exact, 1));
    }

    private static DeviceUpdate Update(int round, int device)
    {
        float[] weights = TestValues.Normal(1000, 203, 0.01);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] += Broadcast[i];
        }

        return new DeviceUpdate(round, device, 456, weights);
    }
}
