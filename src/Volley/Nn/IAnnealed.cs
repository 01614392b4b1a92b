namespace Volley.Nn;

/// <summary>A module with something that is not learned but changes as training goes on: how strict a mask is, how wide a delay.</summary>
public interface IAnnealed
{
    /// <summary>Sets it for an epoch: a pure function of the two numbers, so that a resumed run goes on as it would have.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="epochs">Epochs in all.</param>
    void Anneal(int epoch, int epochs);
}
