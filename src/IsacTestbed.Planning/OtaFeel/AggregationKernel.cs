using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>
/// The two steps of Algorithm 1 without the frame's intervals: the best receivers (32) and the coefficients of the precoder problem (33).
/// </summary>
/// <remarks>
/// The matrix that (32) inverts does not depend on t, since |p_k[t]| = 1. With X_k = S^-1 H_k C_k W_k the receivers are the sums of
/// p_k[t] X_k, so with orthogonal pulses (7) is the sum of tr W_k^2 - Re tr (H_k C_k W_k)^H X_k and A_k of (33) is H_k^H X X^H H_k with
/// all X_l side by side, whatever T is. With one common pulse the X_k are added first. One iteration costs of the order of
/// N^2 (N + K I) + K N M K I, whatever T is. Mutable workspace, not thread safe; allocates nothing after construction.
/// </remarks>
internal sealed class AggregationKernel
{
    private readonly OtaFeelCase _case;
    private readonly PulseSharing _sharing;
    private readonly int _streams;
    private readonly double _weightEnergy;
    private readonly ComplexMatrix _received;
    private readonly ComplexMatrix _factor;
    private readonly ComplexMatrix _filtered;
    private readonly ComplexMatrix _echoes;
    private readonly ComplexMatrix _quadratic;
    private readonly ComplexMatrix _linear;
    private bool _solved;

    /// <summary>Creates the workspace for one case.</summary>
    public AggregationKernel(OtaFeelCase problem, PulseSharing sharing)
    {
        _case = problem;
        _sharing = sharing;
        (int n, int m, int tasks) = (problem.ServerAntennas, problem.DeviceAntennas, problem.Tasks);
        _streams = problem.Devices * tasks;
        _weightEnergy = problem.Weights.Sum(row => row.Sum(w => w * w));
        _received = new ComplexMatrix(n, _streams);
        _factor = new ComplexMatrix(n, n);
        _filtered = new ComplexMatrix(n, sharing == PulseSharing.Orthogonal ? _streams : tasks);
        _echoes = new ComplexMatrix(m, _filtered.Columns);
        _quadratic = new ComplexMatrix(m, m);
        _linear = new ComplexMatrix(m, tasks);
    }

    /// <summary>
    /// Receivers without the pulses, N rows. Orthogonal pulses: the matrices X_k = S^-1 H_k C_k W_k side by side, K I columns. A common pulse:
    /// their sum, I columns.
    /// </summary>
    public ComplexMatrix Filtered
    {
        get
        {
            if (!_solved)
            {
                SubstituteBackward();
                _solved = true;
            }

            return _filtered;
        }
    }

    /// <summary>The error of some precoders with their best receivers.</summary>
    /// <param name="precoders">C_k, K matrices of M rows and I columns.</param>
    /// <returns>The time average (7) of the error.</returns>
    public double Receive(ReadOnlySpan<ComplexMatrix> precoders)
    {
        Transmit(precoders);
        Factorise();
        Weigh();
        SubstituteForward();
        _solved = false;

        // With S = L L^H and Y the weighted streams, tr Y^H S^-1 Y is the squared norm of L^-1 Y.
        return Math.Max(0, _weightEnergy - _filtered.SquaredFrobeniusNorm());
    }

    /// <summary>Fills the precoder problem for the receivers of the last <see cref="Receive"/>.</summary>
    /// <param name="problem">Receives A_k and L_k of every device.</param>
    public void Pose(PrecoderProblem problem)
    {
        int tasks = _case.Tasks;
        ComplexMatrix source = Filtered;
        int width = source.Columns;
        for (int k = 0; k < _case.Devices; k++)
        {
            AdjointTimes(_case.Channels[k], source);
            int first = _sharing == PulseSharing.Orthogonal ? k * tasks : 0;
            for (int a = 0; a < _quadratic.Rows; a++)
            {
                ReadOnlySpan<double> reA = _echoes.Re.AsSpan(a * width, width), imA = _echoes.Im.AsSpan(a * width, width);
                for (int b = 0; b <= a; b++)
                {
                    ReadOnlySpan<double> reB = _echoes.Re.AsSpan(b * width, width), imB = _echoes.Im.AsSpan(b * width, width);
                    int x = (a * _quadratic.Columns) + b;
                    (_quadratic.Re[x], _quadratic.Im[x]) = ComplexRows.DotConjugate(reA, imA, reB, imB);
                }

                for (int i = 0; i < tasks; i++)
                {
                    double weight = _case.Weights[k][i];
                    _linear.Re[(a * tasks) + i] = weight * reA[first + i];
                    _linear.Im[(a * tasks) + i] = weight * imA[first + i];
                }
            }

            problem.SetDevice(k, _quadratic, _linear);
        }
    }

    // H_k C_k side by side.
    private void Transmit(ReadOnlySpan<ComplexMatrix> precoders)
    {
        int tasks = _case.Tasks, antennas = _case.DeviceAntennas;
        Array.Clear(_received.Re);
        Array.Clear(_received.Im);
        for (int k = 0; k < precoders.Length; k++)
        {
            ComplexMatrix channel = _case.Channels[k], precoder = precoders[k];
            for (int n = 0; n < _received.Rows; n++)
            {
                int target = (n * _streams) + (k * tasks);
                for (int m = 0; m < antennas; m++)
                {
                    double re = channel.Re[(n * antennas) + m], im = channel.Im[(n * antennas) + m];
                    for (int i = 0; i < tasks; i++)
                    {
                        double cRe = precoder.Re[(m * tasks) + i], cIm = precoder.Im[(m * tasks) + i];
                        _received.Re[target + i] += (re * cRe) - (im * cIm);
                        _received.Im[target + i] += (re * cIm) + (im * cRe);
                    }
                }
            }
        }
    }

    // Cholesky factor of S = sum of H_k C_k C_k^H H_k^H + sigma^2 I, in the lower triangle.
    private void Factorise()
    {
        int n = _factor.Rows;
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> rowRe = _received.Re.AsSpan(i * _streams, _streams), rowIm = _received.Im.AsSpan(i * _streams, _streams);
            for (int j = 0; j <= i; j++)
            {
                (double re, double im) = ComplexRows.DotConjugate(
                    rowRe, rowIm, _received.Re.AsSpan(j * _streams, _streams), _received.Im.AsSpan(j * _streams, _streams));
                (double pastRe, double pastIm) = ComplexRows.DotConjugate(
                    _factor.Re.AsSpan(i * n, j), _factor.Im.AsSpan(i * n, j), _factor.Re.AsSpan(j * n, j), _factor.Im.AsSpan(j * n, j));
                (re, im) = (re - pastRe, im - pastIm);
                if (j < i)
                {
                    double pivot = _factor.Re[(j * n) + j];
                    _factor.Re[(i * n) + j] = re / pivot;
                    _factor.Im[(i * n) + j] = im / pivot;
                }
                else
                {
                    // Every pivot of sigma^2 I plus a semidefinite matrix is at least sigma^2; rounding alone can say otherwise.
                    _factor.Re[(i * n) + i] = Math.Sqrt(Math.Max(re, 0) + _case.NoiseVariance);
                    _factor.Im[(i * n) + i] = 0;
                }
            }
        }
    }

    // The weighted streams; under a common pulse those of one task are one stream.
    private void Weigh()
    {
        int width = _filtered.Columns, tasks = _case.Tasks;
        bool sum = _sharing == PulseSharing.Common;
        Array.Clear(_filtered.Re);
        Array.Clear(_filtered.Im);
        for (int n = 0; n < _filtered.Rows; n++)
        {
            int from = n * _streams, to = n * width;
            for (int s = 0; s < _streams; s++)
            {
                double weight = _case.Weights[s / tasks][s % tasks];
                int x = to + (sum ? s % tasks : s);
                _filtered.Re[x] += weight * _received.Re[from + s];
                _filtered.Im[x] += weight * _received.Im[from + s];
            }
        }
    }

    private void SubstituteForward()
    {
        int n = _factor.Rows, width = _filtered.Columns;
        for (int i = 0; i < n; i++)
        {
            Span<double> re = _filtered.Re.AsSpan(i * width, width), im = _filtered.Im.AsSpan(i * width, width);
            for (int j = 0; j < i; j++)
            {
                ComplexRows.AddMultiple(
                    -_factor.Re[(i * n) + j], -_factor.Im[(i * n) + j], _filtered.Re.AsSpan(j * width, width), _filtered.Im.AsSpan(j * width, width), re, im);
            }

            Scale(1 / _factor.Re[(i * n) + i], re, im);
        }
    }

    private void SubstituteBackward()
    {
        int n = _factor.Rows, width = _filtered.Columns;
        for (int i = n - 1; i >= 0; i--)
        {
            Span<double> re = _filtered.Re.AsSpan(i * width, width), im = _filtered.Im.AsSpan(i * width, width);
            for (int j = i + 1; j < n; j++)
            {
                ComplexRows.AddMultiple(
                    -_factor.Re[(j * n) + i], _factor.Im[(j * n) + i], _filtered.Re.AsSpan(j * width, width), _filtered.Im.AsSpan(j * width, width), re, im);
            }

            Scale(1 / _factor.Re[(i * n) + i], re, im);
        }
    }

    // H^H times the receivers.
    private void AdjointTimes(ComplexMatrix channel, ComplexMatrix receivers)
    {
        int width = receivers.Columns, antennas = channel.Columns;
        Array.Clear(_echoes.Re);
        Array.Clear(_echoes.Im);
        for (int n = 0; n < channel.Rows; n++)
        {
            ReadOnlySpan<double> re = receivers.Re.AsSpan(n * width, width), im = receivers.Im.AsSpan(n * width, width);
            for (int m = 0; m < antennas; m++)
            {
                int x = (n * antennas) + m;
                ComplexRows.AddMultiple(
                    channel.Re[x], -channel.Im[x], re, im, _echoes.Re.AsSpan(m * width, width), _echoes.Im.AsSpan(m * width, width));
            }
        }
    }

    private static void Scale(double factor, Span<double> re, Span<double> im)
    {
        for (int i = 0; i < re.Length; i++)
        {
            re[i] *= factor;
            im[i] *= factor;
        }
    }
}
