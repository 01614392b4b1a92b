using Volley.Kernels;

namespace Volley.Tensors;

/// <summary>Spikes as the kernels see them.</summary>
internal static class SpikesExtensions
{
    extension(Spikes spikes)
    {
        /// <summary>Rows × last axis.</summary>
        public SpikeMatrix Matrix => new(spikes.Bits, spikes.Shape.Rows, spikes.Shape.Last, spikes.Scale,
            spikes.Values is null ? default : spikes.Values.Data, spikes.Negative);

        /// <summary>How many elements are spikes.</summary>
        public long Count() => SpikeBits.CountSpikes(spikes.Bits);
    }
}
