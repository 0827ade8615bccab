"""What a product's checkout page adds to the refund policy, in a word and in sentences (3.4)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_texts_of_editions")]
    operations = [
        migrations.AddField(
            model_name="productversion",
            name="checkout_terms",
            field=models.CharField(
                choices=[("none", "None"), ("grants", "Grants"), ("refuses", "Refuses")],
                default="none",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="productversion",
            name="checkout_terms_text",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="productversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checkout_terms", "none"),
                    ("checkout_terms_text", ""),
                )
                | models.Q(
                    ("checkout_terms__in", ("grants", "refuses")),
                    models.Q(("checkout_terms_text", ""), _negated=True),
                ),
                name="catalog_version_terms_are_said",
            ),
        ),
    ]
