using System.Runtime.CompilerServices;
using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>A waveform delayed by a fraction of a sample; index k belongs to the waveform's time k - Lead - step/256.</summary>
internal sealed class DelayedWaveform
{
    public DelayedWaveform(Waveform waveform, int step)
    {
        Real = new float[waveform.Length + FractionalDelay.Taps - 1];
        Imaginary = new float[Real.Length];
        FractionalDelay.Apply(waveform.Real, step, Real);
        FractionalDelay.Apply(waveform.Imaginary, step, Imaginary);
    }

    public float[] Real { get; }

    public float[] Imaginary { get; }
}

/// <summary>Delayed versions of waveforms, made once and kept as long as their waveform lives. Thread safe.</summary>
/// <remarks>Per waveform at most two million samples are kept, the oldest go first; what is dropped is made again with the same bits.</remarks>
internal sealed class DelayedWaveforms
{
    private const int SamplesKept = 1 << 21;
    private readonly ConditionalWeakTable<Waveform, Versions> _versions = [];

    public DelayedWaveform Get(Waveform waveform, int step) => _versions.GetValue(waveform, static w => new Versions(w)).Get(step);

    private sealed class Versions(Waveform waveform)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<int, DelayedWaveform> _byStep = [];
        private readonly Queue<int> _order = new();

        public DelayedWaveform Get(int step)
        {
            lock (_lock)
            {
                if (_byStep.TryGetValue(step, out DelayedWaveform? version))
                {
                    return version;
                }

                while (_order.Count >= Math.Max(4, SamplesKept / waveform.Length))
                {
                    _byStep.Remove(_order.Dequeue());
                }

                version = new DelayedWaveform(waveform, step);
                _byStep.Add(step, version);
                _order.Enqueue(step);
                return version;
            }
        }
    }
}
