using JaxSharp.Ir;
using JaxSharp.Passes;
using Xunit;

namespace JaxSharp.Tests.Passes;

/// <summary>Text in, one pass, text out.</summary>
public class CommonSubexpressionsTests
{
    [Fact]
    public void EqualApplicationsAreComputedOnce()
    {
        var jaxpr = JaxprParser.Parse(
            """
            { lambda ; a:f32[3] b:f32[3]. let
                c:f32[3] = mul a b
                d:f32[3] = mul a b
                e:f32[3] = exp d
                f:f32[3] = exp c
                g:f32[3] = add e f
                h:f32[3] = mul b a
              in (g, h) }
            """
        );
        var (result, _) = DeadCode.Eliminate(CommonSubexpressions.Eliminate(jaxpr), []);
        JaxprVerifier.Verify(result);
        Assert.Equal(
            """
            { lambda ; a:f32[3] b:f32[3]. let
                c:f32[3] = mul a b
                d:f32[3] = exp c
                e:f32[3] = add d d
                f:f32[3] = mul b a
              in (e, f) }
            """.ReplaceLineEndings("\n"),
            result.ToString()
        );
    }
}
