using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Tests.Federated;

/// <summary>Samples around one centre per class: a problem whose best accuracy is known.</summary>
internal static class Clusters
{
    public const int Classes = 4;
    public const int Features = 16;

    /// <summary>Class j has its centre at <paramref name="distance"/> along axis j, and unit deviation on every axis.</summary>
    public static LabelledSamples Draw(int count, double distance, uint stream)
    {
        float[] features = TestValues.Normal(count * Features, stream);
        int[] labels = TestValues.Integers(count, stream + 1, Classes);
        for (int i = 0; i < count; i++)
        {
            features[(i * Features) + labels[i]] += (float)distance;
        }

        return new LabelledSamples(FeatureShape.Vector(Features), Classes, features, labels);
    }

    /// <summary>Accuracy of the best classifier, which takes the largest of the first coordinates: E[Phi(z + distance)^3].</summary>
    public static double BestAccuracy(double distance)
    {
        const double Step = 0.01;
        double sum = 0, below = 0, best = 0;
        for (double z = -8; z < distance + 8; z += Step)
        {
            below += Math.Exp(-z * z / 2) * Step / Math.Sqrt(2 * Math.PI);
            double density = Math.Exp(-(z - distance) * (z - distance) / 2) * Step / Math.Sqrt(2 * Math.PI);
            sum += density;
            best += density * Math.Pow(below, Classes - 1);
        }

        return best / sum;
    }
}
