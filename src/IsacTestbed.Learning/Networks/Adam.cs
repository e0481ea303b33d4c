using System.Numerics;
using System.Runtime.InteropServices;

namespace IsacTestbed.Learning.Networks;

/// <summary>Adam with bias correction; the corrections are kept in double precision and folded into one factor per step.</summary>
internal sealed class Adam(AdamSettings settings, int parameterCount) : IOptimiser
{
    private readonly float[] _mean = new float[parameterCount];
    private readonly float[] _meanSquare = new float[parameterCount];
    private double _decay1 = 1;
    private double _decay2 = 1;

    public void Reset()
    {
        _mean.AsSpan().Clear();
        _meanSquare.AsSpan().Clear();
        _decay1 = 1;
        _decay2 = 1;
    }

    public void Apply(ReadOnlySpan<float> gradient, Span<float> weights, float rateFactor = 1)
    {
        _decay1 *= settings.Beta1;
        _decay2 *= settings.Beta2;
        float step = (float)(settings.LearningRate * rateFactor / (1 - _decay1));
        float squareScale = (float)(1 / (1 - _decay2));
        (float beta1, float beta2, float epsilon, float decay) = (settings.Beta1, settings.Beta2, settings.Epsilon, settings.WeightDecay);
        float keep1 = 1 - beta1, keep2 = 1 - beta2;

        ReadOnlySpan<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        Span<Vector<float>> w = MemoryMarshal.Cast<float, Vector<float>>(weights)[..g.Length];
        Span<Vector<float>> m = MemoryMarshal.Cast<float, Vector<float>>(_mean.AsSpan())[..g.Length];
        Span<Vector<float>> v = MemoryMarshal.Cast<float, Vector<float>>(_meanSquare.AsSpan())[..g.Length];
        var epsilons = new Vector<float>(epsilon);
        for (int i = 0; i < g.Length; i++)
        {
            Vector<float> slope = g[i] + (w[i] * decay);
            m[i] = (m[i] * beta1) + (slope * keep1);
            v[i] = (v[i] * beta2) + (slope * slope * keep2);
            w[i] -= m[i] * step / (Vector.SquareRoot(v[i] * squareScale) + epsilons);
        }

        for (int i = g.Length * Vector<float>.Count; i < gradient.Length; i++)
        {
            float slope = gradient[i] + (weights[i] * decay);
            _mean[i] = (_mean[i] * beta1) + (slope * keep1);
            _meanSquare[i] = (_meanSquare[i] * beta2) + (slope * slope * keep2);
            weights[i] -= _mean[i] * step / (MathF.Sqrt(_meanSquare[i] * squareScale) + epsilon);
        }
    }
}
