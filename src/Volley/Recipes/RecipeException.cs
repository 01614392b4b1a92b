namespace Volley.Recipes;

/// <summary>A recipe that cannot be used; the message is one sentence that names the source, the member and what was expected.</summary>
public sealed class RecipeException : Exception
{
    internal RecipeException(string source, string sentence, Exception? inner = null)
        : base($"{source}: {sentence}", inner)
    {
    }
}
