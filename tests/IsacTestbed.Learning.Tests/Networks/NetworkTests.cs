using IsacTestbed.Learning.Data;
using IsacTestbed.Learning.Networks;

namespace IsacTestbed.Learning.Tests.Networks;

public sealed class NetworkTests
{
    public static TheoryData<string> Architectures() =>
        ["linear", "perceptron", "convolution", "odd windows", "pooling that drops cells", "small convolutional"];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Gradient_AgainstFiniteDifferencesInDoublePrecision_Agrees(string name)
    {
        NetworkArchitecture architecture = Create(name);
        const int Batch = 4;
        float[] weights = Weights(architecture);
        float[] features = TestValues.Normal(Batch * architecture.Input.Size, 20);
        int[] labels = TestValues.Integers(Batch, 21, architecture.Classes);
        float[] gradient = new float[weights.Length];
        using var network = new Network(architecture);
        double loss = network.LossAndGradient(weights, features, labels, gradient);

        var oracle = new NaiveNetwork(architecture);
        double[] exact = Array.ConvertAll(weights, weight => (double)weight);
        Assert.Equal(oracle.MeanLoss(exact, features, labels), loss, 1e-5);

        // Central differences with a step h err by h^2 times the third derivative and by 1e-16 / h of rounding: about 1e-10 here, far below
        // single precision. Products of a few hundred terms keep five digits of the largest component.
        const double Step = 1e-5;
        double largest = gradient.Max(MathF.Abs);
        Assert.True(largest > 1e-3);
        for (int i = 0; i < exact.Length; i++)
        {
            double value = exact[i];
            exact[i] = value + Step;
            double above = oracle.MeanLoss(exact, features, labels);
            exact[i] = value - Step;
            double below = oracle.MeanLoss(exact, features, labels);
            exact[i] = value;
            Assert.True(
                Math.Abs(((above - below) / (2 * Step)) - gradient[i]) < 1e-5 * Math.Max(largest, 1),
                $"{architecture}, weight {i}: {gradient[i]} against {(above - below) / (2 * Step)}");
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Backpropagate_OfTheSoftmaxSlopes_IsTheGradientOfItsLoss(string name)
    {
        NetworkArchitecture architecture = Create(name);
        const int Batch = 4;
        float[] weights = Weights(architecture), features = TestValues.Normal(Batch * architecture.Input.Size, 23), logits = new float[Batch * architecture.Classes];
        int[] labels = TestValues.Integers(Batch, 24, architecture.Classes);
        float[] expected = new float[weights.Length], actual = new float[weights.Length], slopes = new float[logits.Length];
        using var network = new Network(architecture);
        network.LossAndGradient(weights, features, labels, expected);
        network.Logits(weights, features, logits);
        SoftmaxCrossEntropy.MeanLossAndGradient(logits, labels, slopes);
        network.Backpropagate(weights, features, slopes, actual);
        Assert.Equal(expected, actual);
        Assert.Throws<ArgumentException>(() => network.Backpropagate(weights, features, slopes.AsSpan(1), actual));
        Assert.Throws<ArgumentException>(() => network.Backpropagate(weights, features, slopes, actual.AsSpan(1)));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Logits_AgainstDoublePrecision_Agree(string name)
    {
        NetworkArchitecture architecture = Create(name);
        float[] weights = Weights(architecture), sample = TestValues.Normal(architecture.Input.Size, 22),
            logits = new float[architecture.Classes];
        using var network = new Network(architecture);
        network.Logits(weights, sample, logits);
        double[] expected = new NaiveNetwork(architecture).Logits(Array.ConvertAll(weights, weight => (double)weight), sample);
        double scale = expected.Max(Math.Abs);
        Assert.All(Enumerable.Range(0, logits.Length), j => Assert.Equal(expected[j], logits[j], 1e-5 * scale));
    }

    [Fact]
    public void Gradient_WithAnyNumberOfThreads_HasTheSameBits()
    {
        foreach (NetworkArchitecture architecture in new[] { Mnist(), NetworkArchitecture.SmallConvolutional(new FeatureShape(8, 16, 1), 8, 16) })
        {
            float[] weights = architecture.InitialWeights(5), features = TestValues.Normal(100 * architecture.Input.Size, 23);
            int[] labels = TestValues.Integers(100, 24, architecture.Classes);
            float[][] gradients = [.. new[] { 1, 2, 5 }.Select(threads =>
            {
                using var network = new Network(architecture, threads);
                float[] gradient = new float[weights.Length];
                network.LossAndGradient(weights, features, labels, gradient);
                return gradient;
            })];
            Assert.True(gradients[0].AsSpan().SequenceEqual(gradients[1]));
            Assert.True(gradients[0].AsSpan().SequenceEqual(gradients[2]));
        }
    }

    [Fact]
    public void Step_AfterWarmUp_AllocatesNothing()
    {
        foreach (NetworkArchitecture architecture in new[] { Mnist(), NetworkArchitecture.SmallConvolutional(new FeatureShape(8, 16, 1), 4, 16) })
        {
            using var network = new Network(architecture, 2);
            IOptimiser optimiser = new AdamSettings().Create(architecture.ParameterCount);
            float[] weights = architecture.InitialWeights(6), features = TestValues.Normal(32 * architecture.Input.Size, 25),
                gradient = new float[weights.Length];
            int[] labels = TestValues.Integers(32, 26, architecture.Classes);
            void Steps()
            {
                for (int i = 0; i < 3; i++)
                {
                    network.LossAndGradient(weights, features, labels, gradient);
                    optimiser.Apply(gradient, weights);
                }
            }

            Assert.Equal(0, SteadyAllocation.Of(Steps));
        }
    }

    [Fact]
    public void Evaluation_OfKnownLogits_CountsRanksAndTies()
    {
        // An identity layer: the features are the logits.
        NetworkArchitecture architecture = NetworkArchitecture.From(FeatureShape.Vector(3)).Dense(3);
        float[] weights = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
        float[] features = [3, 2, 1, 3, 2, 1, 3, 2, 1, 1, 1, 0, 1, 1, 0];
        using var network = new Network(architecture);
        Evaluation evaluation = network.Evaluate(weights, new LabelledSamples(FeatureShape.Vector(3), 3, features, [0, 1, 2, 0, 1]));
        Assert.Equal(5, evaluation.Count);
        Assert.Equal(2.0 / 5, evaluation.Accuracy);
        Assert.Equal(4.0 / 5, evaluation.TopAccuracy(2));
        Assert.Equal(1, evaluation.TopAccuracy(3));
        double normaliser = Math.Log(Math.Exp(3) + Math.Exp(2) + Math.Exp(1)), tied = Math.Log((2 * Math.E) + 1) - 1;
        Assert.Equal(((3 * normaliser) - 6 + (2 * tied)) / 5, evaluation.Loss, 1e-6);
    }

    [Fact]
    public void Evaluation_OfADivergedModel_HasNoAccuracy()
    {
        NetworkArchitecture architecture = NetworkArchitecture.From(FeatureShape.Vector(2)).Dense(2);
        using var network = new Network(architecture);
        float[] weights = [float.NaN, float.NaN, float.NaN, float.NaN, 0, 0];
        Assert.Equal(0, network.Evaluate(weights, new LabelledSamples(FeatureShape.Vector(2), 2, [1, 1, 2, 2], [0, 1])).Accuracy);
    }

    [Fact]
    public void InitialWeights_OfAWideLayer_HaveHesVarianceAndNoBias()
    {
        NetworkArchitecture architecture = Mnist();
        float[] weights = architecture.InitialWeights(7);
        const int Count = 784 * 256;
        double square = weights.Take(Count).Average(weight => (double)weight * weight), mean = weights.Take(Count).Average();

        // The mean square of n normals has a relative deviation of sqrt(2 / n); five of them.
        Assert.Equal(2.0 / 784, square, 5 * Math.Sqrt(2.0 / Count) * 2 / 784);
        Assert.Equal(0, mean, 5 * Math.Sqrt(2.0 / 784 / Count));
        Assert.All(weights.Skip(Count).Take(256), bias => Assert.Equal(0, bias));
        Assert.Equal(weights, architecture.InitialWeights(7));
        Assert.NotEqual(weights[0], architecture.InitialWeights(8)[0]);
        Assert.Equal(269_322, weights.Length);
    }

    [Fact]
    public void Adam_OverAFewSteps_FollowsItsDefinition()
    {
        const int Length = 21;
        var settings = new AdamSettings(0.01f, 0.8f, 0.95f, 1e-6f);
        IOptimiser adam = settings.Create(Length);
        for (int run = 0; run < 2; run++)
        {
            adam.Reset();
            float[] weights = TestValues.Normal(Length, 30);
            double[] expected = Array.ConvertAll(weights, weight => (double)weight), mean = new double[Length], square = new double[Length];
            for (int t = 1; t <= 5; t++)
            {
                float[] gradient = TestValues.Normal(Length, (uint)(30 + t));
                adam.Apply(gradient, weights);
                for (int i = 0; i < Length; i++)
                {
                    mean[i] = (0.8 * mean[i]) + (0.2 * gradient[i]);
                    square[i] = (0.95 * square[i]) + (0.05 * gradient[i] * gradient[i]);
                    expected[i] -= 0.01 * (mean[i] / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(square[i] / (1 - Math.Pow(0.95, t))) + 1e-6);
                }
            }

            Assert.All(Enumerable.Range(0, Length), i => Assert.Equal(expected[i], weights[i], 1e-6));
        }
    }

    [Fact]
    public void Network_GivenWrongShapes_SaysWhatDoesNotFit()
    {
        NetworkArchitecture architecture = NetworkArchitecture.From(FeatureShape.Vector(4)).Dense(3);
        using var network = new Network(architecture);
        float[] weights = architecture.InitialWeights(1), gradient = new float[weights.Length];
        Assert.Throws<ArgumentException>(() => network.LossAndGradient(weights.AsSpan(1), new float[4], [0], gradient));
        Assert.Throws<ArgumentException>(() => network.LossAndGradient(weights, new float[5], [0], gradient));
        Assert.Throws<ArgumentException>(() => network.LossAndGradient(weights, new float[4], [3], gradient));
        Assert.Throws<ArgumentException>(() => network.LossAndGradient(weights, [], [], gradient));
        Assert.Throws<ArgumentException>(() => network.Evaluate(weights, new LabelledSamples(FeatureShape.Vector(5), 3, new float[5], [0])));
        Assert.Throws<ArgumentException>(() => NetworkArchitecture.From(new FeatureShape(2, 2, 1)).Convolution(1, 3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkArchitecture.From(new FeatureShape(2, 2, 1)).AveragePooling(3, 1));
        Assert.Throws<ArgumentException>(() => new Network(NetworkArchitecture.From(new FeatureShape(2, 2, 1))));
    }

    private static NetworkArchitecture Mnist() => NetworkArchitecture.Perceptron(FeatureShape.Vector(784), [256, 256], 10);

    private static NetworkArchitecture Create(string name) => name switch
    {
        "linear" => NetworkArchitecture.From(FeatureShape.Vector(7)).Dense(3),
        "perceptron" => NetworkArchitecture.Perceptron(FeatureShape.Vector(17), [19, 5], 4, 0.1f),
        "convolution" => NetworkArchitecture.From(new FeatureShape(5, 6, 2)).Convolution(3, 3, 3).Dense(4),
        "odd windows" => NetworkArchitecture.From(new FeatureShape(4, 7, 1))
            .Convolution(2, 1, 4, 0, 3).LeakyRelu(0.2f).Convolution(3, 3, 2, 2, 1).Dense(3),
        "pooling that drops cells" => NetworkArchitecture.From(new FeatureShape(5, 7, 2))
            .Convolution(2, 1, 1).AveragePooling(2, 3).Dense(3),
        "small convolutional" => NetworkArchitecture.SmallConvolutional(new FeatureShape(8, 16, 1), 2, 16),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    // Nonzero biases too, so that their gradients and padding are really seen.
    private static float[] Weights(NetworkArchitecture architecture) => TestValues.Normal(architecture.ParameterCount, 27, 0.4);
}
